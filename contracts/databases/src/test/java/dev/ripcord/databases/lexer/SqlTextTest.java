package dev.ripcord.databases.lexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlTextTest {

    private static List<String> texts(String sql) {
        return SqlText.cut(sql).stream().map(SqlText.Statement::text).toList();
    }

    @Test
    void statements_end_where_the_server_ends_them() {
        assertThat(texts("select 1; select 2")).containsExactly("select 1", "select 2");
        assertThat(texts("select ';''' || \";\" || $$;$$ || $a$;$$;$a$ || e'\\';' ; x"))
                .containsExactly("select ';''' || \";\" || $$;$$ || $a$;$$;$a$ || e'\\';'", "x");
        assertThat(texts("a /* ; /* ; */ ; */ b; -- ;\nc")).hasSize(2);
        assertThat(texts("create rule r as on insert to t do also (select 1; select 2); x"))
                .hasSize(2);
        assertThat(
                        texts(
                                "create or replace function f() returns int begin atomic select case when a then 1 end; end; x"))
                .hasSize(2);
        assertThat(texts("begin; select 1; end")).hasSize(3);
        assertThat(texts("select note from t where note = 'e\\'; x")).hasSize(2);
        assertThat(texts("select a$b$; select 2; $b$")).hasSize(3);
    }

    @Test
    void what_says_nothing_is_no_statement() {
        assertThat(texts(" ;; -- x\n /* y */ ; \uFEFF")).hasSizeLessThanOrEqualTo(1);
        assertThat(texts("\uFEFF-- only a comment")).isEmpty();
        assertThat(texts("'not closed")).hasSize(1);
        assertThat(texts("/* not closed")).isEmpty();
        assertThat(texts("$x$ not closed")).hasSize(1);
    }

    @Test
    void bare_words_hold_no_quoted_text_and_no_comment() {
        assertThat(SqlText.cut("/* a */ Create\n--b\n index  Concurrently \"commit\" on t (('x'))")
                        .getFirst()
                        .bare())
                .isEqualTo("CREATE INDEX CONCURRENTLY \"\" ON T (('')) ".strip());
    }
}
