package dev.ripcord.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BytecodeTest {

    private static final int JAVA_17 = 61;

    @Test
    void producers_on_java_17_can_load_every_class() throws IOException {
        for (Class<?> type : Stream.concat(
                        Catalogue.ENTRIES.stream().map(Catalogue.Entry::record), Stream.of(KafkaBinding.class))
                .toList()) {
            try (InputStream bytes =
                    type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
                assertThat(bytes).isNotNull();
                DataInputStream header = new DataInputStream(bytes);
                assertThat(header.readInt()).isEqualTo(0xCAFEBABE);
                assertThat(header.readUnsignedShort()).as("no preview features").isZero();
                assertThat(header.readUnsignedShort()).as("%s", type).isLessThanOrEqualTo(JAVA_17);
            }
        }
    }
}
