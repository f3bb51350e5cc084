package dev.ripcord.delivery.people;

import org.jose4j.lang.UnresolvableKeyException;

/** The keys of an issuer cannot be read now. */
class KeysNotReadException extends UnresolvableKeyException {
    private static final long serialVersionUID = 1;

    KeysNotReadException(String message, Throwable cause) {
        super(message, cause);
    }
}
