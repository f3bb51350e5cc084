package dev.ripcord.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Reads a feed as strictly as RFC 4287 asks: one id, one title and one time of update, in the feed and in each entry. */
record AtomReader(List<Entry> entries) {

    private static final String NAMESPACE = "http://www.w3.org/2005/Atom";

    record Entry(String id, String title, String updated, String content) {
        void assertWhole() {
            assertThat(URI.create(id).isAbsolute()).isTrue();
            assertThat(title).isNotBlank();
            assertThat(content).isNotBlank();
            assertThat(OffsetDateTime.parse(updated)).isNotNull();
        }
    }

    static AtomReader of(String text) {
        Element feed;
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            feed = factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(text)))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError("not XML: " + text, e);
        }
        assertThat(feed.getNamespaceURI()).isEqualTo(NAMESPACE);
        entry(feed);
        assertThat(children(feed, "author")).hasSize(1);
        return new AtomReader(
                children(feed, "entry").stream().map(AtomReader::entry).toList());
    }

    Entry entry(String id) {
        return entries.stream()
                .filter(entry -> entry.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Entry entry(Element element) {
        return new Entry(
                one(element, "id"), one(element, "title"), one(element, "updated"), text(children(element, "content")));
    }

    private static String one(Element parent, String name) {
        List<Element> found = children(parent, name);
        assertThat(found).as(name).hasSize(1);
        return text(found);
    }

    private static String text(List<Element> elements) {
        return elements.isEmpty() ? "" : elements.getFirst().getTextContent();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = parent.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            Node node = nodes.item(i);
            if (node instanceof Element element && name.equals(element.getLocalName())) found.add(element);
        }
        return found;
    }
}
