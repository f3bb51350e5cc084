package dev.ripcord.snapshot;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.ripcord.snapshot", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule the_core_knows_only_java_and_the_contracts = classes()
            .that()
            .resideInAPackage("..snapshot.core..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "dev.ripcord.events..",
                    "dev.ripcord.databases..",
                    "dev.ripcord.delivery..",
                    "dev.ripcord.snapshot.core..");

    @ArchTest
    static final ArchRule a_form_knows_nothing_of_the_other = noClasses()
            .that()
            .resideInAPackage("..provider.clone..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..provider.archive..");

    @ArchTest
    static final ArchRule nor_the_other_of_it = noClasses()
            .that()
            .resideInAPackage("..provider.archive..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..provider.clone..");

    @ArchTest
    static final ArchRule providers_know_nothing_of_what_comes_in = noClasses()
            .that()
            .resideInAPackage("..provider..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..intake..", "..catalogue..");
}
