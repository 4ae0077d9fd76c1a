package io.github.mbrl4j.gym;

/** The other side said something that is not in the protocol. */
final class ProtocolMismatch extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ProtocolMismatch(String message) {
        super(message);
    }
}
