package dev.ripcord.verifier;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.ripcord.verifier.verification.Check;
import jakarta.inject.Singleton;

@AnalyzeClasses(packages = "dev.ripcord.verifier", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule the_core_knows_java_and_the_contracts_only = classes()
            .that()
            .resideInAPackage("..verifier.verification..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "dev.ripcord.events..",
                    "dev.ripcord.databases..",
                    "dev.ripcord.delivery..",
                    "dev.ripcord.verifier.verification.."));

    @ArchTest
    static final ArchRule every_check_is_found_by_itself = classes()
            .that()
            .implement(Check.class)
            .should()
            .beAnnotatedWith(Singleton.class)
            .andShould()
            .resideInAPackage("..verifier.check..")
            .andShould()
            .bePackagePrivate();

    @ArchTest
    static final ArchRule there_are_no_circles =
            slices().matching("dev.ripcord.verifier.(*)..").should().beFreeOfCycles();
}
