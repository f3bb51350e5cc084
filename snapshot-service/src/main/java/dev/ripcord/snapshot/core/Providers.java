package dev.ripcord.snapshot.core;

import dev.ripcord.databases.EnrolledDatabase.Form;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The provider of each form. */
public final class Providers {

    private final Map<Form, Provider> byForm;

    public Providers(List<Provider> providers) {
        this.byForm = providers.stream().collect(Collectors.toUnmodifiableMap(Provider::form, Function.identity()));
    }

    /** The one of this form. */
    public Provider of(Form form) {
        Provider provider = byForm.get(form);
        if (provider == null) throw new IllegalStateException("There is no provider of the form " + form);
        return provider;
    }
}
