package dev.penstock.nodes.table;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.kernel.Hashes;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import org.jspecify.annotations.Nullable;

/**
 * From rows of key columns to dense group numbers 0, 1, 2, ...; the keys are kept. Null equals
 * null, -0.0 equals 0.0, NaN equals NaN.
 *
 * <p>Of new keys in one call the earlier row need not get the lower number. Without key columns
 * there is one group, from the first row on. Everything is reserved in the budget before it is
 * allocated; a LIMIT error leaves the table fit for nothing but {@link #close}.
 *
 * <p>Not thread-safe; once nobody assigns any more, reads may be shared.
 */
public final class KeyTable implements AutoCloseable {
  private static final int STRIDE = 2048;

  private final DataType[] types;
  private final Reservation reservation;
  private final Reservation packedReservation;
  private final CancellationToken token;
  private @Nullable PackedKeys packed;
  private @Nullable GenericKeys generic;
  private boolean any;

  /**
   * @param what names the holder in a LIMIT error
   */
  public KeyTable(DataType[] types, Budget budget, String what, CancellationToken token) {
    this(types, budget, what, token, false);
  }

  /**
   * @param scattered keys are known not to lie close together, as in one hash partition
   */
  public KeyTable(
      DataType[] types, Budget budget, String what, CancellationToken token, boolean scattered) {
    this.types = types.clone();
    this.reservation = budget.open(what);
    this.packedReservation = budget.open(what);
    this.token = token;
    if (PackedKeys.suits(types)) {
      packed = new PackedKeys(this.types, packedReservation, token, scattered);
    } else if (types.length > 0) {
      generic = new GenericKeys(this.types, reservation, token);
    }
  }

  public DataType[] types() {
    return types;
  }

  /** How many groups there are; they are numbered from 0. */
  public int groups() {
    if (packed != null) {
      return packed.groups();
    }
    return generic != null ? generic.groups() : any ? 1 : 0;
  }

  /**
   * Writes {@code out[i]} = the group of the row at {@code positions[i]}, for i from 0 until count;
   * a new key makes a new group.
   *
   * @param keys one column for each type
   */
  public void assign(Column[] keys, int[] positions, int count, int[] out) {
    token.check();
    if (count == 0) {
      return;
    }
    if (types.length == 0) {
      any = true;
      java.util.Arrays.fill(out, 0, count, 0);
      return;
    }
    if (packed != null) {
      if (packed.assign(keys, positions, count, out)) {
        return;
      }
      generic = unpack(packed);
      packed = null;
    }
    generic.assign(keys, positions, count, out);
  }

  /**
   * Bytes that {@link #assign} of these rows, at most {@value #STRIDE}, reserves at most. Called
   * right before it, once {@link #packingGrowth} is there.
   */
  public long growth(Column[] keys, int[] positions, int count) {
    if (types.length == 0 || count == 0) {
      return 0;
    }
    return packed != null
        ? packed.growth(keys, positions, count)
        : generic.growth(keys, positions, count);
  }

  /** Bytes that {@link #growth} itself reserves at most, to know the keys. */
  public long packingGrowth(Column[] keys, int[] positions, int count) {
    return packed == null || count == 0 ? 0 : packed.packingGrowth(keys, positions, count);
  }

  /** From now on no memory is spent on an index that is fast only because it is large. */
  public void beFrugal() {
    if (packed != null) {
      packed.beFrugal();
    }
  }

  /** Moves all keys; their numbers stay. */
  private GenericKeys unpack(PackedKeys from) {
    GenericKeys to = new GenericKeys(types, reservation, token);
    int groups = from.groups();
    int[] positions = PackedIndex.ascending(0, STRIDE);
    for (int g = 0; g < groups; g += STRIDE) {
      token.check();
      int n = Math.min(STRIDE, groups - g);
      to.adopt(from.gather(PackedIndex.ascending(g, n), n), positions, n);
    }
    packedReservation.close();
    return to;
  }

  /** The keys of these groups, as flat columns of length count. */
  public FlatColumn[] keys(int[] groups, int count) {
    if (packed != null) {
      return packed.gather(groups, count);
    }
    return generic != null ? generic.gather(groups, count) : new FlatColumn[0];
  }

  /** The hash of the keys of each of these groups: the same in every table of these types. */
  public void hashes(int[] groups, int count, long[] out) {
    if (generic != null) {
      generic.hashes(groups, count, out);
    } else {
      Hashes.hash(keys(groups, count), null, count, out);
    }
  }

  public long heldBytes() {
    return reservation.heldBytes() + packedReservation.heldBytes();
  }

  @Override
  public void close() {
    reservation.close();
    packedReservation.close();
    packed = null;
    generic = null;
  }
}
