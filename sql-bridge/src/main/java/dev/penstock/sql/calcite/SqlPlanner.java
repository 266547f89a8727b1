package dev.penstock.sql.calcite;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.Settings;
import dev.penstock.sql.text.Places;
import dev.penstock.sql.text.SetOrder;
import dev.penstock.sql.text.Spelling;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.text.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;
import org.apache.calcite.sql.validate.SqlValidator;

/** A query's text to Calcite's relational nodes. One use, one thread: it remembers what it saw. */
public final class SqlPlanner {
  private static final SqlParser.Config PARSER =
      SqlParser.config()
          .withParserFactory(SqlBabelParserImpl.FACTORY)
          .withUnquotedCasing(Casing.UNCHANGED)
          .withQuotedCasing(Casing.UNCHANGED)
          .withQuoting(Quoting.DOUBLE_QUOTE)
          .withCaseSensitive(false)
          .withIdentifierMaxLength(8192)
          .withConformance(SqlConformanceEnum.BABEL);

  private static final SqlConformance CONFORMANCE =
      new SqlDelegatingConformance(SqlConformanceEnum.BABEL) {
        @Override
        public SelectAliasLookup isSelectAlias() {
          return SelectAliasLookup.LEFT_TO_RIGHT;
        }

        @Override
        public boolean isNonStrictGroupBy() {
          return false;
        }
      };

  /** Deeper views than this hold themselves. */
  private static final int MAX_VIEWS = 64;

  private final Tables tables;
  private final SchemaOfTables schema;
  private final Settings settings;
  private final CancellationToken token;
  private final RelDataTypeFactory types = SqlTypes.factory();
  private final RelOptCluster cluster;
  private int views;

  /**
   * @param token checked again and again: planning ends with its cause
   */
  public SqlPlanner(Tables tables, Settings settings, CancellationToken token) {
    this.token = token;
    this.tables = tables;
    this.schema = new SchemaOfTables(tables, types, this::view);
    this.settings = settings;
    HepPlanner planner = new HepPlanner(HepProgram.builder().build());
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    this.cluster = RelOptCluster.create(planner, new PlainCasts(types, token));
    cluster.setMetadataQuerySupplier(NoMetadata::new);
  }

  /**
   * A query as relational nodes.
   *
   * @param unnamed what stands for columns without a name: their text, by Calcite's name for them
   */
  public record Planned(RelRoot root, Map<String, String> unnamed) {}

  /** The relational nodes of a query that was cut from a text. */
  public Planned plan(String written, String source, List<Token> tokens, Parameters parameters) {
    List<Token> all = tables.expanded(tokens);
    Spelling spelling =
        Spelling.of(written, settings.setOrder() ? SetOrder.leftToRight(all) : all, token);
    Problems problems = new Problems(new Places(written, source), spelling, schema);
    Repairs repairs = new Repairs();
    Throwable refused = null;
    for (int tries = 1; ; tries++) {
      token.check();
      try {
        SqlNode parsed = DeepOperands.once(parsed(spelling.text(), token), token);
        Map<String, String> unnamed = ItemTexts.of(parsed, written, spelling, token);
        Respell respell = new Respell(spelling, tokens, parameters, settings, repairs, token);
        SqlNode tree = parsed.accept(respell);
        if (respell.sets()) {
          tree = GroupingSets.in(Objects.requireNonNull(tree));
        }
        if (refused != null) {
          tree = NestedGroups.of(Objects.requireNonNull(tree));
          if (tree == null) {
            throw problems.of(refused);
          }
        }
        return new Planned(nodes(Objects.requireNonNull(tree), repairs.stars()), unnamed);
      } catch (SqlParseException e) {
        token.check();
        throw problems.of(e);
      } catch (PenstockException e) {
        throw e;
      } catch (StackOverflowError e) {
        throw Problems.tooDeep();
      } catch (RuntimeException | AssertionError e) {
        token.check();
        if (refused != null) {
          throw problems.of(refused);
        }
        if (tries == Repairs.MOST || !repairs.learn(e)) {
          refused = repairs.first(e);
        }
      }
    }
  }

  static SqlNode parsed(String text, CancellationToken token) throws SqlParseException {
    return SqlParser.create(new CheckedText(text, token), PARSER).parseQuery();
  }

  private RelRoot nodes(SqlNode tree, StarColumns stars) {
    CalciteCatalogReader catalog = catalog();
    SqlValidator validator =
        new Validator(
            stars,
            token,
            Operators.TABLE,
            catalog,
            types,
            SqlValidator.Config.DEFAULT
                .withConformance(CONFORMANCE)
                .withDefaultNullCollation(nullOrder())
                .withTypeCoercionEnabled(true)
                .withIdentifierExpansion(true));
    SqlNode valid = validator.validate(tree);
    return new Converter(validator, catalog, cluster, token).nodes(valid);
  }

  private NullCollation nullOrder() {
    return switch (settings.nullOrder()) {
      case FIRST -> NullCollation.FIRST;
      case LAST -> NullCollation.LAST;
      case LOWEST -> NullCollation.LOW;
      case HIGHEST -> NullCollation.HIGH;
    };
  }

  /** What a scan of the nodes reads. */
  public static Tables.Found found(RelOptTable table) {
    return SchemaOfTables.found(table);
  }

  private RelRoot view(String name, String text) {
    if (++views > MAX_VIEWS) {
      throw PenstockException.incorrect("sql-view", "the view " + name + " holds itself");
    }
    try {
      return plan(
              text,
              "view " + name,
              Tokenizer.tokens(text, "view " + name),
              Parameters.literals(List.of()))
          .root();
    } finally {
      views--;
    }
  }

  private CalciteCatalogReader catalog() {
    CalciteSchema root = CalciteSchema.createRootSchema(false, false, "", schema);
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "false");
    return new CalciteCatalogReader(
        root, List.of(), types, new CalciteConnectionConfigImpl(properties));
  }
}
