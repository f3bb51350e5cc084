package dev.ripcord.rollback.elsewhere;

import io.vertx.core.Vertx;

/** The two servers as they are, for tests of other packages. */
public final class ModelSecondServer extends SecondServer {

    public ModelSecondServer(Vertx vertx) {
        super(vertx);
    }
}
