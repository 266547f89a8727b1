package dev.penstock.sql.calcite;

import java.lang.reflect.Proxy;
import org.apache.calcite.plan.RelOptPredicateList;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.metadata.BuiltInMetadata;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.MetadataHandler;
import org.apache.calcite.rel.metadata.MetadataHandlerProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * What Calcite's builder asks about rows, answered by "unknown": for the answer it would evaluate
 * constants, which it cannot do with the engine's functions, and leave out groups, which is the
 * plan rewriter's work.
 *
 * <p>Calcite makes a handler for each of some thirty questions as soon as somebody may ask one;
 * here each is made when it is asked, which is almost never.
 */
final class NoMetadata extends RelMetadataQuery {
  NoMetadata() {
    super(new Later());
  }

  @Override
  public @Nullable Boolean areColumnsUnique(
      RelNode rel, ImmutableBitSet columns, boolean ignoreNulls) {
    return null;
  }

  @Override
  public RelOptPredicateList getPulledUpPredicates(RelNode rel) {
    return RelOptPredicateList.EMPTY;
  }

  /** Handlers that ask to be replaced when they are called. */
  private static final class Later implements MetadataHandlerProvider {
    /** One object for all questions. */
    private static final Object ANY =
        Proxy.newProxyInstance(
            MetadataHandler.class.getClassLoader(),
            handlers(),
            (proxy, method, args) -> {
              throw new NoHandler(RelNode.class);
            });

    private static Class<?>[] handlers() {
      return java.util.Arrays.stream(BuiltInMetadata.class.getDeclaredClasses())
          .flatMap(metadata -> java.util.Arrays.stream(metadata.getDeclaredClasses()))
          .filter(MetadataHandler.class::isAssignableFrom)
          .toArray(Class<?>[]::new);
    }

    @Override
    public <H extends MetadataHandler<?>> H handler(Class<H> type) {
      return type.cast(ANY);
    }

    @Override
    public <H extends MetadataHandler<?>> H revise(Class<H> type) {
      return new ProxyingMetadataHandlerProvider(DefaultRelMetadataProvider.INSTANCE).handler(type);
    }
  }
}
