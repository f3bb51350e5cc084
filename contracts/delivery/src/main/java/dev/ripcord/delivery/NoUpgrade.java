package dev.ripcord.delivery;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Without TLS, HTTP/1.1 is spoken. A client that offers {@code Upgrade: h2c}, as Java's own does, would get HTTP/2 in the middle
 * of its first request; under load such an answer was seen broken. RFC 9113, section 3.1, has given that upgrade up.
 */
@ApplicationScoped
class NoUpgrade implements HttpServerOptionsCustomizer {

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setHttp2ClearTextEnabled(false);
    }
}
