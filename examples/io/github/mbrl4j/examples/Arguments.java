package io.github.mbrl4j.examples;

import io.github.mbrl4j.core.Workers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command line of an example. The usage text is the grammar: a line that begins with {@code --name} allows a switch, one
 * that begins with {@code --name N} an option with a whole number, with another word of capitals one with a text.
 *
 * <p>Mistakes are exceptions that carry the usage text. The program does not exit: under {@code exec:java} that would end Maven.
 */
final class Arguments {

    private static final Pattern OPTION = Pattern.compile("(?m)^\\s+(--[a-z-]+)( [A-Z]+)?(?= |$)");

    private final String usage;
    private final Map<String, Long> given = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();

    private Arguments(String usage) {
        this.usage = usage;
    }

    static Arguments parse(String usage, String... args) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Matcher option = OPTION.matcher(usage); option.find(); ) {
            values.put(
                    option.group(1),
                    option.group(2) == null ? "" : option.group(2).strip());
        }
        Arguments arguments = new Arguments(usage);
        for (int i = 0; i < args.length; i++) {
            String name = args[i];
            String value = values.get(name);
            if (value == null) {
                throw arguments.mistake("unknown option " + name);
            } else if (value.isEmpty()) {
                arguments.given.put(name, 1L);
            } else if (++i == args.length) {
                throw arguments.mistake(
                        name + " has no value, expected a " + (value.equals("N") ? "whole number" : value));
            } else if (value.equals("N")) {
                arguments.given.put(name, arguments.parseNumber(name, args[i]));
            } else {
                arguments.texts.put(name, args[i]);
            }
        }
        return arguments;
    }

    private long parseNumber(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw mistake(name + " is " + text + ", expected a whole number");
        }
    }

    /** Whether a switch is given. */
    boolean has(String name) {
        return given.containsKey(name);
    }

    /** The text of an option. */
    String text(String name, String otherwise) {
        return texts.getOrDefault(name, otherwise);
    }

    /** The number of an option, if it is given. */
    OptionalDouble number(String name) {
        return given.containsKey(name) ? OptionalDouble.of(given.get(name)) : OptionalDouble.empty();
    }

    private long number(String name, long otherwise) {
        return given.getOrDefault(name, otherwise);
    }

    boolean quick() {
        return has("--quick");
    }

    long seed() {
        return number("--seed", 1);
    }

    int trials(int otherwise) {
        return count("--trials", quick() ? 2 : otherwise);
    }

    Workers workers() {
        return has("--threads") ? new Workers(count("--threads", 1)) : Workers.shared();
    }

    /** Where an example writes its files: below {@code target}, a smoke run beside the real ones. */
    Path directory(String example) {
        return Path.of("target", quick() ? "quick" : "", example);
    }

    private int count(String name, int otherwise) {
        long value = number(name, otherwise);
        if (value < 1 || value > Integer.MAX_VALUE) {
            throw mistake(name + " is " + value + ", expected at least 1");
        }
        return (int) value;
    }

    private IllegalArgumentException mistake(String what) {
        return new IllegalArgumentException(what + "\n\n" + usage);
    }
}
