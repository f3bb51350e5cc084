package dev.ripcord.command.endtoend;

import java.sql.SQLException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests a scenario on the running suite, which is started for the first of them and stopped after the last. */
final class SuiteExtension implements ParameterResolver, AfterEachCallback {

    private static final Namespace OWN = Namespace.create(SuiteExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(Scenario.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        RunningSuite suite = context.getRoot()
                .getStore(OWN)
                .computeIfAbsent(RunningSuite.class, type -> started(), RunningSuite.class);
        Scenario scenario = new Scenario(suite);
        context.getStore(OWN).put(Scenario.class, scenario);
        return scenario;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Scenario scenario = context.getStore(OWN).get(Scenario.class, Scenario.class);
        if (scenario != null) scenario.end();
    }

    private static RunningSuite started() {
        try {
            return new RunningSuite();
        } catch (SQLException e) {
            throw new IllegalStateException("the suite does not start", e);
        }
    }
}
