package dev.ripcord.notifier.page;

import java.io.StringWriter;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The feed as <a href="https://www.rfc-editor.org/rfc/rfc4287">Atom</a>. */
final class AtomFeed {

    private static final String NAMESPACE = "http://www.w3.org/2005/Atom";

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter xml;

    private AtomFeed() throws XMLStreamException {
        xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
    }

    static String of(String title, URI page, URI self, List<FeedItem> items) {
        try {
            AtomFeed feed = new AtomFeed();
            feed.write(title, page, self, items);
            return feed.text.toString();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("A feed is writable as XML", e);
        }
    }

    private void write(String title, URI page, URI self, List<FeedItem> items) throws XMLStreamException {
        Instant updated =
                items.stream().map(FeedItem::updated).max(Instant::compareTo).orElse(Instant.EPOCH);
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("feed");
        xml.writeDefaultNamespace(NAMESPACE);
        element("id", "urn:ripcord:rollbacks");
        element("title", title);
        element("updated", updated.toString());
        link("self", self);
        link("alternate", page);
        xml.writeStartElement("author");
        element("name", "Ripcord");
        xml.writeEndElement();
        for (FeedItem item : items) {
            xml.writeStartElement("entry");
            element("id", item.id());
            element("title", item.title());
            element("published", item.published().toString());
            element("updated", item.updated().toString());
            link("alternate", page);
            xml.writeEmptyElement("category");
            xml.writeAttribute("term", item.database());
            element("content", item.text());
            xml.writeEndElement();
        }
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private void link(String relation, URI address) throws XMLStreamException {
        xml.writeEmptyElement("link");
        xml.writeAttribute("rel", relation);
        xml.writeAttribute("href", address.toString());
    }

    /** Characters that XML cannot have are left out. */
    private void element(String name, String value) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(value.replaceAll("[^\\t\\n\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", ""));
        xml.writeEndElement();
    }
}
