package dev.ripcord.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PGPASSWORD=s3cret psql shop",
                "db_password=s3cret and client_secret: s3cret",
                "{\"user\":\"ann\",\"password\":\"s3cret\",\"host\":\"db\"}",
                "{\\\"password\\\":\\\"s3cret\\\"}",
                "password='s3cret \\' s3cret' host=db",
                "password => \"s3cret\"",
                "ALTER ROLE ann PASSWORD 's3cret'",
                "AWS_SECRET_ACCESS_KEY=s3cret",
                "postgresql://ann:s3/cret@db/shop",
                "postgresql://ann:p@s3cret@db/shop",
                "https://s3cret@git.example/x",
                "Authorization: Bearer s3cret",
                "see https://example.org/a,postgresql://ann:s3cret@db/shop",
            })
    void a_secret_is_known_by_its_name_or_place(String text) {
        assertThat(Secrets.masked(text))
                .doesNotContain("s3cret", "s3/cret", "cret@")
                .contains("…");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "see https://example.org/@ann/a:b",
                "ripcord rollback show r1 --token-file pipeline.token",
                "ann@example.org said so, passengers: 3",
                "curl -H \"Authorization: Bearer $RIPCORD_TOKEN\" -X POST",
            })
    void what_is_no_secret_stays(String text) {
        assertThat(Secrets.masked(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"://", "://a:", "password", "password =", "password=\"", "password='\\", "a:@", "pass\\\""})
    void no_text_takes_long_to_look_through(String piece) {
        assertTimeout(Duration.ofSeconds(10), () -> {
            for (int i = 0; i < 20; i++) Secrets.masked(piece.repeat(5000));
        });
    }
}
