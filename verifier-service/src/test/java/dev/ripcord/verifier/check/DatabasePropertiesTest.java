package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

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
}
