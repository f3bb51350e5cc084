package dev.ripcord.rollback.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A report before it has a form; every text in it is as it was said, nothing is escaped. */
record Document(String title, List<Block> blocks) {

    Document {
        blocks = List.copyOf(blocks);
    }

    /** A part of it. */
    sealed interface Block {

        record Heading(String text) implements Block {}

        record Paragraph(String text) implements Block {}

        /** Labels and values. */
        record Facts(List<Fact> facts) implements Block {
            public Facts {
                facts = List.copyOf(facts);
            }
        }

        /** Rows of as many cells as there are heads. */
        record Table(List<String> heads, List<List<String>> rows) implements Block {
            public Table {
                heads = List.copyOf(heads);
                rows = List.copyOf(rows);
            }
        }

        /** Something to be typed as it is. */
        record Command(String text) implements Block {}

        /** Questions with room for the answers. */
        record Questions(List<String> questions) implements Block {
            public Questions {
                questions = List.copyOf(questions);
            }
        }

        /** Things to be done. */
        record Tasks(List<String> tasks) implements Block {
            public Tasks {
                tasks = List.copyOf(tasks);
            }
        }
    }

    record Fact(String label, String value) {}

    /** Puts a document together; what is null or blank is left out. */
    static final class Draft {
        private final List<Block> blocks = new ArrayList<>();
        private final List<Fact> facts = new ArrayList<>();

        Draft heading(String text) {
            return add(new Block.Heading(text));
        }

        Draft fact(String label, @Nullable Object value) {
            if (value != null && !value.toString().isBlank()) facts.add(new Fact(label, Plain.text(value.toString())));
            return this;
        }

        Draft paragraph(String text) {
            return add(new Block.Paragraph(Plain.text(text)));
        }

        Draft command(@Nullable String text) {
            return text == null || text.isBlank() ? this : add(new Block.Command(Plain.text(text)));
        }

        Draft table(List<String> heads, List<List<String>> rows, String ifEmpty) {
            if (rows.isEmpty()) return paragraph(ifEmpty);
            List<List<String>> plain = rows.stream()
                    .map(row -> row.stream().map(Plain::text).toList())
                    .toList();
            return add(new Block.Table(heads, plain));
        }

        Draft add(Block block) {
            if (!facts.isEmpty()) blocks.add(new Block.Facts(facts));
            facts.clear();
            blocks.add(block);
            return this;
        }

        Document titled(String title) {
            if (!facts.isEmpty()) blocks.add(new Block.Facts(facts));
            return new Document(Plain.text(title), blocks);
        }
    }
}
