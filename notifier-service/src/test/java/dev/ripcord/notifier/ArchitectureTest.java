package dev.ripcord.notifier;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.ripcord.notifier", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] CORE = {"..notifier.message..", "..notifier.delivery.."};
    private static final String[] ADAPTERS = {
        "..notifier.channel..", "..notifier.page..", "..notifier.incident..", "..notifier.intake.."
    };

    @ArchTest
    static final ArchRule the_core_knows_java_and_the_contracts_only = classes()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "dev.ripcord.events..",
                    "dev.ripcord.databases..",
                    "dev.ripcord.delivery..",
                    "dev.ripcord.notifier.message..",
                    "dev.ripcord.notifier.delivery.."));

    @ArchTest
    static final ArchRule the_core_does_not_know_its_adapters = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ADAPTERS);

    @ArchTest
    static final ArchRule a_channel_does_not_know_another =
            slices().matching("..notifier.channel.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule there_are_no_circles =
            slices().matching("dev.ripcord.notifier.(*)..").should().beFreeOfCycles();
}
