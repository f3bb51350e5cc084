package dev.ripcord.command.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomSchemaTest {

    @Test
    void the_same_chance_makes_the_same_schema_and_another_one_another() {
        List<List<String>> once =
                IntStream.range(0, 50).mapToObj(RandomSchemaTest::schema).toList();
        List<List<String>> again =
                IntStream.range(0, 50).mapToObj(RandomSchemaTest::schema).toList();
        assertThat(again).isEqualTo(once);
        assertThat(once).doesNotHaveDuplicates();
        assertThat(once)
                .allSatisfy(statements -> assertThat(statements)
                        .anySatisfy(statement -> assertThat(statement).startsWith("create"))
                        .anySatisfy(statement -> assertThat(statement).startsWith("insert into")));
    }

    private static List<String> schema(int seed) {
        return RandomSchema.statements(new SplittableRandom(seed));
    }
}
