package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabasePropertiesTest extends CheckContract {

    DatabasePropertiesTest() {
        super(new DatabaseProperties(), false);
    }

    @ParameterizedTest(name = "{0} is found in {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            alter database %s owner to shop_clerk                          | owner
            alter database %s connection limit 5                           | connection limit
            alter database %s set work_mem = '8MB'                         | settings
            alter role shop_clerk in database %s set work_mem = '8MB'      | settings
            revoke connect on database %s from public                      | grants
            grant create on database %s to shop_clerk                      | grants
            comment on database %s is 'changed'                            | comment
            """)
    void a_changed_property_is_found(String change, String property) {
        String name = "do 'begin execute format(''"
                + change.replace("'", "''''").replace("%s", "%I") + "'', current_database()); end'";
        assertThat(after(name))
                .anySatisfy(finding -> assertThat(finding.subject()).isEqualTo(property));
    }

    @Test
    void a_limit_that_kept_the_application_out_is_not_missed() {
        Manifest taken = manifestAfter("select 1");
        Map<String, String> properties = new TreeMap<>(taken.properties());
        properties.put("connection limit", "0");
        Manifest before = new Manifest(
                taken.systemIdentifier(),
                taken.serverVersion(),
                taken.databaseName(),
                taken.takenAt(),
                taken.schemaFingerprint(),
                taken.tables(),
                taken.objects(),
                taken.sequences(),
                properties,
                taken.migrationVersion(),
                taken.files());
        assertThat(after(before)).isEmpty();
    }

    @Test
    void what_a_role_had_that_was_dropped_since_is_not_missed() {
        Manifest before = manifestAfter("""
                do $$ begin
                    create role "a, b: public=|\\";
                    execute format('grant create, connect on database %I to "a, b: public=|\\" with grant option', current_database());
                    execute format('alter role "a, b: public=|\\" in database %I set work_mem = ''8MB''', current_database());
                end $$""");
        assertThat(before.properties().get("grants")).contains("CREATE*");
        assertThat(before.properties().get("settings")).contains("work_mem");
        assertThat(after(before))
                .extracting(VerificationEvent.Finding::subject)
                .containsExactlyInAnyOrder("grants", "settings");
        assertThat(after(before, "drop role \"a, b: public=|\\\"")).isEmpty();
    }
}
