package dev.ripcord.rollback.decision;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/** A word of the condition {@code asked}: a method, or {@code nothing}. */
record Asked(@Nullable Rung rung) {

    @JsonCreator
    static Asked of(String word) {
        return new Asked(word.equals("nothing") ? null : Rung.valueOf(word));
    }
}
