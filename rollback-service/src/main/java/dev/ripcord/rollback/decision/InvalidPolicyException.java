package dev.ripcord.rollback.decision;

import java.util.List;

/** A decision policy is not valid; each problem names file, line or rule, and field. */
public class InvalidPolicyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidPolicyException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
