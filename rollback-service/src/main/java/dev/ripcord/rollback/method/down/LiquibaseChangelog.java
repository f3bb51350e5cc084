package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.PgSession;

/** Not there yet. */
record LiquibaseChangelog(Settings settings) implements MigrationTool {
    @Override
    public DownPlan down(PgSession session, Bundle bundle, Aim aim) {
        throw Refusal.restore("not there yet");
    }

    @Override
    public DownPlan up(PgSession session, Bundle bundle) {
        throw Refusal.restore("not there yet");
    }
}
