package dev.ripcord.rollback.audit;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a verification of the trail found. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "verdict")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Verdict.Intact.class, name = "intact"),
    @JsonSubTypes.Type(value = Verdict.Broken.class, name = "broken")
})
public sealed interface Verdict {

    /**
     * No record was altered, removed, moved, added or cut off; as far as the chain itself and the given head can tell.
     *
     * @param count of the records
     * @param head the end of the chain, to be kept elsewhere
     */
    record Intact(long count, Head head) implements Verdict {}

    /**
     * The trail is not what was recorded.
     *
     * @param position where this shows first; what lies before it is in order
     */
    record Broken(long position, String expected, String found) implements Verdict {}
}
