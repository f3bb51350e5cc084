package dev.ripcord.rollback.method.down;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import liquibase.resource.AbstractResource;
import liquibase.resource.OpenOptions;
import liquibase.resource.Resource;
import liquibase.resource.ResourceAccessor;

/** A bundle as Liquibase reads it: what is not in the bundle is not there, wherever a path leads. */
record BundleResources(Bundle bundle) implements ResourceAccessor {

    @Override
    public List<Resource> getAll(String path) {
        String wanted = normal(path);
        List<Resource> found = new ArrayList<>();
        file(wanted).ifPresent(file -> found.add(new Entry(this, wanted, file)));
        return found;
    }

    /** The files of a folder, under the path by which they were asked for. */
    @Override
    public List<Resource> search(String path, boolean recursive) {
        String folder = normal(path);
        List<Resource> found = new ArrayList<>();
        for (Bundle.File file : bundle.files()) {
            if (!meant(folder, file.folder(), recursive)) continue;
            String below = under(folder, file);
            found.add(new Entry(this, folder.isEmpty() ? file.path() : folder + "/" + below, file));
        }
        return found;
    }

    @Override
    public List<String> describeLocations() {
        return List.of("the bundle");
    }

    @Override
    public void close() {}

    /** The file itself, or the one by whose path the wanted path ends: a bundle may begin deeper than the project. */
    Optional<Bundle.File> file(String wanted) {
        return bundle.files().stream()
                .filter(file -> wanted.equals(file.path()) || wanted.endsWith("/" + file.path()))
                .max(Comparator.comparingInt(file -> file.path().length()));
    }

    static boolean samePath(String one, String other) {
        String first = normal(one);
        String second = normal(other);
        return first.equals(second) || first.endsWith("/" + second) || second.endsWith("/" + first);
    }

    static String normal(String path) {
        List<String> parts = new ArrayList<>();
        for (String part :
                path.replace('\\', '/').replaceFirst("^classpath\\*?:", "").split("/")) {
            if (part.isEmpty() || part.equals(".")) continue;
            if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) parts.removeLast();
            else parts.add(part);
        }
        return String.join("/", parts);
    }

    private static boolean meant(String wanted, String folder, boolean recursive) {
        for (String each = folder; ; each = each.substring(0, Math.max(0, each.lastIndexOf('/')))) {
            if (wanted.equals(each) || !each.isEmpty() && wanted.endsWith("/" + each)) return true;
            if (each.isEmpty() || !recursive) return false;
        }
    }

    private static String under(String wanted, Bundle.File file) {
        String path = file.path();
        for (String each = file.folder();
                !each.isEmpty();
                each = each.substring(0, Math.max(0, each.lastIndexOf('/')))) {
            if (wanted.equals(each) || wanted.endsWith("/" + each)) return path.substring(each.length() + 1);
        }
        return path;
    }

    /** One file under the path by which it was asked for. */
    private static final class Entry extends AbstractResource {
        private final BundleResources bundle;
        private final Bundle.File file;

        Entry(BundleResources bundle, String path, Bundle.File file) {
            super(path, URI.create("bundle:/" + file.sha256()));
            this.bundle = bundle;
            this.file = file;
        }

        @Override
        public InputStream openInputStream() {
            return new ByteArrayInputStream(file.text().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public boolean isWritable() {
            return false;
        }

        @Override
        public Resource resolve(String other) {
            return other(resolvePath(other));
        }

        @Override
        public Resource resolveSibling(String other) {
            return other(resolveSiblingPath(other));
        }

        @Override
        public OutputStream openOutputStream(OpenOptions options) throws IOException {
            throw new IOException("The bundle is not written to");
        }

        private Resource other(String path) {
            try {
                return bundle.get(path);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
