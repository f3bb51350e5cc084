package dev.ripcord.command.torture;

import java.util.List;

/** One kind of fault, done to a running suite as often as is wanted. */
interface Trial {

    /** What it is called on the command line and in the figures. */
    String name();

    /** Where it takes place. */
    Ground.Kind ground();

    /** How often it is done. */
    int runs(boolean quick);

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
