/**
 * Objects in a store on the network, by the S3 API: the second tier behind the local disk. Waiting
 * for it is waiting for a network; every call can be cancelled and is tried again with back-off.
 */
@NullMarked
package dev.penstock.buffer.object;

import org.jspecify.annotations.NullMarked;
