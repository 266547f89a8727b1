/** Who asks, and what they may do: tokens, roles, requests from strange pages, the audit log. */
@NullMarked
package dev.penstock.server.access;

import org.jspecify.annotations.NullMarked;
