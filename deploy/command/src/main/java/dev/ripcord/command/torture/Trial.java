package dev.ripcord.command.torture;

import java.util.List;
import java.util.Optional;

/** One kind of fault, done to a running suite as often as is wanted. */
interface Trial {

    /** What it is called on the command line and in the figures. */
    String name();

    /** Where it takes place. */
    Ground.Kind ground();

    /** How often it is done. */
    int runs(boolean quick);

    /** Why it cannot be done on this machine; empty where it can. */
    default Optional<String> leftOut(Ground ground) {
        return Optional.empty();
    }

    /** Makes the databases that must be there when the services start, for all tests of a ground before the first. */
    default void beforeServices(Ground ground, List<Run> runs) throws Exception {}

    /** Makes ready what all its runs need; called once, before the first. */
    default void prepare(Ground ground) throws Exception {}

    /** Takes away what was made ready; called once, after the last. */
    default void finish(Ground ground) throws Exception {}

    /**
     * Breaks something and looks at what is left.
     *
     * @return one line for each thing that is not as it must be
     */
    List<String> run(Ground ground, Run run) throws Exception;
}
