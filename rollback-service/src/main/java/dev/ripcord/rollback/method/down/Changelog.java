package dev.ripcord.rollback.method.down;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import liquibase.Scope;
import liquibase.change.Change;
import liquibase.change.core.ExecuteShellCommandChange;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.parser.ChangeLogParserFactory;
import liquibase.sql.Sql;
import liquibase.sql.visitor.SqlVisitor;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** A changelog as Liquibase understands it; it is never connected to a database, and makes SQL only. */
final class Changelog {

    private final BundleResources resources;
    private final Database database;
    private final List<ChangeSet> changeSets;

    private Changelog(BundleResources resources, Database database, List<ChangeSet> changeSets) {
        this.resources = resources;
        this.database = database;
        this.changeSets = changeSets;
    }

    /** @throws Refusal if it cannot be read */
    static Changelog of(Bundle bundle, @Nullable String configured) {
        ChangelogFiles.check(bundle);
        String root = configured == null ? ChangelogFiles.root(bundle) : configured;
        BundleResources resources = new BundleResources(bundle);
        return within(resources, "the changelog " + Shown.name(root) + " cannot be read", () -> {
            Database database = DatabaseFactory.getInstance()
                    .openDatabase("offline:postgresql?outputLiquibaseSql=none", null, null, null, resources);
            var changelog = ChangeLogParserFactory.getInstance()
                    .getParser(root, resources)
                    .parse(root, new ChangeLogParameters(database), resources);
            return new Changelog(resources, database, List.copyOf(changelog.getChangeSets()));
        });
    }

    List<ChangeSet> changeSets() {
        return changeSets;
    }

    Optional<ChangeSet> find(String id, String author, String file) {
        return changeSets.stream()
                .filter(each -> each.getId().equals(id)
                        && each.getAuthor().equals(author)
                        && BundleResources.samePath(each.getFilePath(), file))
                .findFirst();
    }

    /** The statements that undo it. */
    List<String> down(ChangeSet changeSet) {
        String name = Shown.name(changeSet.toString(false));
        if (!changeSet.isRunInTransaction()) throw Refusal.restore(name + " wants to run outside of a transaction");
        if (!changeSet.supportsRollback(database)) throw Refusal.restore("change set " + name + " has no rollback");
        return within(resources, "change set " + name + " cannot be undone", () -> {
            List<SqlStatement> statements = new ArrayList<>();
            if (changeSet.hasCustomRollbackChanges()) {
                for (Change each : changeSet.getRollback().getChanges()) {
                    statements.addAll(List.of(fit(name, each).generateStatements(database)));
                }
            } else {
                for (Change each : changeSet.getChanges().reversed()) {
                    statements.addAll(List.of(fit(name, each).generateRollbackStatements(database)));
                }
            }
            return sql(changeSet, statements, true);
        });
    }

    /** The statements that it consists of. */
    List<String> up(ChangeSet changeSet) {
        String name = Shown.name(changeSet.toString(false));
        if (!changeSet.isRunInTransaction()) throw Refusal.restore(name + " wants to run outside of a transaction");
        return within(resources, "change set " + name + " cannot be applied", () -> {
            List<SqlStatement> statements = new ArrayList<>();
            for (Change each : changeSet.getChanges()) {
                statements.addAll(List.of(fit(name, each).generateStatements(database)));
            }
            return sql(changeSet, statements, false);
        });
    }

    /** Liquibase's own changes alone make nothing but SQL. */
    private static Change fit(String name, Change change) {
        boolean own = change.getClass().getName().startsWith("liquibase.change.core.");
        if (!own || change instanceof ExecuteShellCommandChange) {
            throw Refusal.restore(
                    name + " holds a change " + Shown.name(change.getClass().getName()) + ", which runs more than SQL");
        }
        return change;
    }

    private List<String> sql(ChangeSet changeSet, List<SqlStatement> statements, boolean down) {
        database.setObjectQuotingStrategy(changeSet.getObjectQuotingStrategy());
        List<String> all = new ArrayList<>();
        for (SqlStatement statement : statements) {
            for (Sql each : SqlGeneratorFactory.getInstance().generateSql(statement, database)) {
                String sql = each.toSql();
                for (SqlVisitor visitor : changeSet.getSqlVisitors()) {
                    if (!down || visitor.isApplyToRollback()) sql = visitor.modifySql(sql, database);
                }
                all.addAll(OneTransaction.statements(changeSet.toString(false), sql));
            }
        }
        return all;
    }

    private interface Work<T> {
        T get() throws Exception;
    }

    private static <T> T within(BundleResources resources, String failure, Work<T> work) {
        try {
            return Scope.child(Map.of(Scope.Attr.resourceAccessor.name(), resources), work::get);
        } catch (Refusal e) {
            throw e;
        } catch (Exception e) {
            if (e.getCause() instanceof Refusal refusal) throw refusal;
            throw Refusal.restore(failure + ": " + Shown.message(e.getMessage()));
        }
    }
}
