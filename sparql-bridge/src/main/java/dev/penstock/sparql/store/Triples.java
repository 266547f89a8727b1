package dev.penstock.sparql.store;

/** Rows of three ids, in no order: what a load collects. */
final class Triples {
  final LongRow s = new LongRow();
  final LongRow p = new LongRow();
  final LongRow o = new LongRow();

  void add(long subject, long predicate, long object) {
    s.add(subject);
    p.add(predicate);
    o.add(object);
  }

  int size() {
    return s.size();
  }
}
