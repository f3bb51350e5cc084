package dev.ripcord.notifier.channel.slack;

import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.Pace;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Notes;
import dev.ripcord.notifier.delivery.Outcome;
import dev.ripcord.notifier.message.Message;
import dev.ripcord.notifier.message.Message.Weight;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Slack bot with one thread per rollback: the message at its head always says where the rollback stands, the thread has
 * all that was told, and what everybody should see is shown in the channel too. What is told after what followed it is in
 * the thread alone.
 *
 * <p>It calls <a href="https://docs.slack.dev/reference/methods/chat.postMessage">chat.postMessage</a>, about once a second
 * and channel at most, and <a href="https://docs.slack.dev/reference/methods/chat.update">chat.update</a>, 50 times a
 * minute; both limits are kept by waiting.
 */
@Singleton
class SlackBotCarrier implements Carrier<Channel.SlackBot> {

    /** 50 a minute, which is less than one a second. */
    static final Duration APART = Duration.ofMillis(1200);

    private static final String HEAD = "head";
    private static final String ASKED = "asked";
    private static final String TOLD = "told";
    private static final String PLAN = "plan";

    private final Post post;
    private final Pace pace;

    @Inject
    SlackBotCarrier(Post post) {
        this(post, new Pace(APART));
    }

    SlackBotCarrier(Post post, Pace pace) {
        this.post = post;
        this.pace = pace;
    }

    @Override
    public Class<Channel.SlackBot> kind() {
        return Channel.SlackBot.class;
    }

    @Override
    public List<String> problems(Channel.SlackBot channel) {
        return Post.problems(channel.token());
    }

    @Override
    public Outcome carry(Letter letter, Channel.SlackBot channel) {
        return Post.with(channel.token(), token -> {
            pace.await(channel.channel());
            Bot bot = new Bot(post, channel, token);
            Optional<String> head = letter.notes().find(HEAD);
            return head.isEmpty() ? open(letter, bot) : follow(letter, bot, head.get());
        });
    }

    private Outcome open(Letter letter, Bot bot) {
        return switch (postOnce(letter, head(letter), Optional.empty(), bot)) {
            case SlackAnswer.Done done -> {
                letter.notes().keep(HEAD, done.ts());
                yield new Outcome.Accepted();
            }
            case SlackAnswer.Gone gone -> gone.outcome();
            case SlackAnswer.Failed failed -> failed.outcome();
        };
    }

    /** A reply in the thread, and the head brought up to date; what was done before an attempt broke off is not repeated. */
    private Outcome follow(Letter letter, Bot bot, String head) {
        Message message = letter.message();
        Notes notes = letter.notes();
        if (!notes.says(TOLD, letter.id())) {
            Map<String, Object> reply = content(letter);
            reply.put("thread_ts", head);
            reply.put("reply_broadcast", message.loud() && !letter.overtaken());
            switch (postOnce(letter, reply, Optional.of(head), bot)) {
                case SlackAnswer.Done _ -> notes.keep(TOLD, letter.id());
                case SlackAnswer.Gone _ -> {
                    return open(letter, bot);
                }
                case SlackAnswer.Failed failed -> {
                    return failed.outcome();
                }
            }
        }
        if (aside(message) || planShown(letter) || letter.overtaken()) return new Outcome.Accepted();
        Map<String, Object> update = head(letter);
        update.put("ts", head);
        return switch (bot.call("chat.update", update)) {
            case SlackAnswer.Done _, SlackAnswer.Gone _ -> new Outcome.Accepted();
            case SlackAnswer.Failed failed -> failed.outcome();
        };
    }

    private static boolean aside(Message message) {
        return switch (message.weight()) {
            case detail, resumed, after -> true;
            case outcome, notice, change, closing -> false;
        };
    }

    /** While a plan waits at the head, whoever decides sees it there, whatever else is told meanwhile. */
    private static boolean planShown(Letter letter) {
        boolean waits =
                letter.notes().find(PLAN).filter(plan -> !plan.isEmpty()).isPresent();
        return waits && letter.message().ask() == null && !decides(letter.message());
    }

    private static boolean decides(Message message) {
        return message.weight() == Weight.outcome
                || message.weight() == Weight.closing
                || message.about().equals("rollback.started");
    }

    /** Before a message is posted, that is noted: another attempt looks first whether it is there. */
    private static SlackAnswer postOnce(Letter letter, Map<String, Object> content, Optional<String> thread, Bot bot) {
        if (letter.notes().says(ASKED, letter.id())) {
            SlackAnswer there = bot.find(letter.id(), thread);
            if (!(there instanceof SlackAnswer.Gone)) return there;
        }
        letter.notes().keep(ASKED, letter.id());
        return bot.call("chat.postMessage", content);
    }

    /** The head alone has buttons, and only beside the plan that waits for a decision: what comes too late decides nothing. */
    private static Map<String, Object> head(Letter letter) {
        if (letter.overtaken()) return content(letter);
        Message message = letter.message();
        Message.Ask ask = message.ask();
        boolean noted = letter.notes().find(PLAN).isPresent();
        if (ask != null) letter.notes().keep(PLAN, ask.planHash());
        else if (noted && decides(message)) letter.notes().keep(PLAN, "");
        Map<String, Object> content = content(letter);
        if (ask != null) content.put("blocks", Blocks.deciding(message, ask.planHash()));
        return content;
    }

    /** With metadata, by which the message can be found again: an event type and its payload. */
    private static Map<String, Object> content(Letter letter) {
        Message message = letter.message();
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("text", Blocks.fallback(message));
        List<Object> blocks = Blocks.of(message);
        content.put("blocks", blocks);
        content.put("unfurl_links", false);
        content.put("unfurl_media", false);
        String rollback = message.rollback() == null ? "" : message.rollback();
        content.put(
                "metadata",
                Map.of(
                        "event_type",
                        "ripcord_told",
                        "event_payload",
                        Map.of("message", letter.id(), "rollback", rollback)));
        return content;
    }
}
