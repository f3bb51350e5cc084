package dev.ripcord.notifier.page;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ripcord.notifier.incident.Incident;
import dev.ripcord.notifier.incident.Incidents;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Instant;
import java.util.List;

/** The status page for feed readers, with no more than the page shows. */
@Path("/")
@PermitAll
class Feeds {

    private static final int MOST = 50;
    private static final String PUBLIC = "public";
    private static final String TITLE = "Ripcord · rollbacks";

    private final Incidents incidents;

    Feeds(Incidents incidents) {
        this.incidents = incidents;
    }

    /** As <a href="https://www.jsonfeed.org/version/1.1/">JSON Feed 1.1</a>. */
    record JsonFeed(
            String version,
            String title,
            @JsonProperty("home_page_url") URI page,
            @JsonProperty("feed_url") URI self,
            List<Item> items) {

        record Item(
                String id,
                URI url,
                String title,
                @JsonProperty("content_text") String text,
                @JsonProperty("date_published") Instant published,
                @JsonProperty("date_modified") Instant modified,
                List<String> tags) {}
    }

    @GET
    @Path("feed.atom")
    public Response atom(@Context UriInfo asked) {
        return atom(asked, asked.getBaseUri(), incidents.newest(MOST));
    }

    @GET
    @Path("public/feed.atom")
    public Response publicAtom(@Context UriInfo asked) {
        return atom(asked, asked.getBaseUri().resolve(PUBLIC), incidents.forEverybody(MOST));
    }

    @GET
    @Path("feed.json")
    public Response json(@Context UriInfo asked) {
        return json(asked, asked.getBaseUri(), incidents.newest(MOST));
    }

    @GET
    @Path("public/feed.json")
    public Response publicJson(@Context UriInfo asked) {
        return json(asked, asked.getBaseUri().resolve(PUBLIC), incidents.forEverybody(MOST));
    }

    private static Response atom(UriInfo asked, URI page, List<Incident> shown) {
        String feed = AtomFeed.of(
                TITLE,
                page,
                asked.getAbsolutePath(),
                shown.stream().map(FeedItem::of).toList());
        return answer(feed, "application/atom+xml;charset=utf-8");
    }

    private static Response json(UriInfo asked, URI page, List<Incident> shown) {
        List<JsonFeed.Item> items = shown.stream()
                .map(FeedItem::of)
                .map(item -> new JsonFeed.Item(
                        item.id(),
                        page,
                        item.title(),
                        item.text(),
                        item.published(),
                        item.updated(),
                        List.of(item.database())))
                .toList();
        JsonFeed feed = new JsonFeed("https://jsonfeed.org/version/1.1", TITLE, page, asked.getAbsolutePath(), items);
        return answer(feed, "application/feed+json;charset=utf-8");
    }

    private static Response answer(Object feed, String type) {
        return Response.ok(feed, type)
                .header("Cache-Control", "no-cache")
                .header("X-Content-Type-Options", "nosniff")
                .build();
    }
}
