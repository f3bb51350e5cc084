package dev.ripcord.events;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What the sources say of their records and of the records' components. */
final class Javadoc {

    private static final Path SOURCES = Path.of("src/main/java/dev/ripcord/events");

    private final Map<String, DocCommentTree> comments = new HashMap<>();

    private Javadoc() {}

    static Javadoc ofTheEvents() throws IOException {
        Javadoc javadoc = new Javadoc();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.list(SOURCES)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    null,
                    List.of(),
                    null,
                    files.getJavaFileObjectsFromPaths(
                            sources.filter(Files::isRegularFile).toList()));
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) javadoc.new Reader(trees).scan(unit, "");
        }
        return javadoc;
    }

    /** A type's description. */
    Optional<String> of(Class<?> type) {
        return comment(type).map(comment -> text(comment.getFullBody()));
    }

    /** The description of one of a record's components. */
    Optional<String> of(Class<?> record, String component) {
        return comment(record).stream()
                .flatMap(comment -> comment.getBlockTags().stream())
                .filter(tag -> tag instanceof ParamTree param
                        && param.getName().getName().contentEquals(component))
                .map(tag -> text(((ParamTree) tag).getDescription()))
                .findFirst()
                .or(() -> ofAccessor(record, component));
    }

    private Optional<String> ofAccessor(Class<?> type, String component) {
        return Stream.of(type.getInterfaces())
                .map(family -> Optional.ofNullable(comments.get(name(family) + "." + component))
                        .map(comment -> text(comment.getFullBody()))
                        .or(() -> ofAccessor(family, component)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<DocCommentTree> comment(Class<?> type) {
        return Optional.ofNullable(comments.get(name(type)));
    }

    private static String name(Class<?> type) {
        return type.getName().replace(type.getPackageName(), "").replace('$', '.');
    }

    private static String text(List<? extends DocTree> parts) {
        return parts.stream().map(Javadoc::text).collect(Collectors.joining()).replaceAll("\\s+", " ");
    }

    /** For readers without the sources: a link is what it is called by, no markup is left. */
    private static String text(DocTree part) {
        if (part instanceof TextTree text) return text.getBody();
        if (part instanceof LiteralTree literal) return literal.getBody().getBody();
        if (part instanceof LinkTree link) {
            return link.getLabel().isEmpty() ? simple(link.getReference().getSignature()) : text(link.getLabel());
        }
        throw new IllegalStateException("a reader of the schema has no use for " + part);
    }

    /** {@code Type}, or {@code member} of a type. */
    private static String simple(String reference) {
        return reference.substring(Math.max(reference.lastIndexOf('.'), reference.lastIndexOf('#')) + 1);
    }

    private final class Reader extends TreePathScanner<@Nullable Void, String> {
        private final DocTrees trees;

        Reader(DocTrees trees) {
            this.trees = trees;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, String outer) {
            String name = outer + "." + type.getSimpleName();
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) comments.put(name, comment);
            return super.visitClass(type, name);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, String type) {
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) comments.put(type + "." + method.getName(), comment);
            return null;
        }
    }
}
