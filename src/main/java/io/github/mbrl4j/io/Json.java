package io.github.mbrl4j.io;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Records as JSON and back. Made for configurations: whatever record of numbers, texts, enums, durations, lists and further
 * records is written, comes back equal, to the last bit of each number.
 *
 * <ul>
 *   <li>Every component of a record is written under its name, and no more.
 *   <li>NaN and infinities, for which JSON has no numbers, are the texts {@code "NaN"}, {@code "Infinity"} and
 *      {@code "-Infinity"}.
 *   <li>A {@link Duration} is its ISO 8601 text, {@code "PT0.02S"}.
 *   <li>Reading is strict. A component that is missing, unknown, null or given twice, a number where a text belongs, a fraction where
 *       a whole number belongs, and text after the end are errors. Ranges are checked by the record itself.
 *   <li>What is created is decided by the type asked for, never by the text: no file can make this class create anything else.
 * </ul>
 *
 * <p>Safe for use by many threads.
 */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .visibility(PropertyAccessor.ALL, Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .visibility(PropertyAccessor.CREATOR, Visibility.ANY)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .addModule(new SimpleModule()
                    .addSerializer(Duration.class, ToStringSerializer.instance)
                    .addDeserializer(Duration.class, new DurationReader()))
            .build();

    private static final ObjectWriter LINE = MAPPER.writer();

    /** The same on every platform: {@code "key": value}, lists on one line. */
    private static final ObjectWriter PRETTY = MAPPER.writer(new DefaultPrettyPrinter(
                    Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter("  ", "\n")));

    private Json() {}

    /**
     * Writes a value as JSON over several lines, for people to read.
     *
     * @param value a record, a map, a list or a plain value
     * @return the text, without a line end at its end
     * @throws IllegalArgumentException if the value holds something that cannot be written, naming it
     */
    public static String write(Object value) {
        return write(PRETTY, value);
    }

    /**
     * Writes a value as JSON on one line.
     *
     * @param value a record, a map, a list or a plain value
     * @return the text, without a line end
     * @throws IllegalArgumentException if the value holds something that cannot be written, naming it
     */
    public static String writeLine(Object value) {
        return write(LINE, value);
    }

    /**
     * Reads a value that {@link #write} or {@link #writeLine} wrote, or that a person wrote in the same form.
     *
     * @param json the text
     * @param type the record to create
     * @param <T> the type of the record
     * @return the record, equal to the one written
     * @throws IllegalArgumentException if the text is not such a record; the message names the component, what was found, and
     *     where
     */
    public static <T> T read(String json, Class<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new IllegalArgumentException("JSON for " + type.getSimpleName() + " is null, expected an object");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "JSON for " + type.getSimpleName() + where(e) + ": " + what(e, json) + line(e), e);
        }
    }

    private static String write(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    value.getClass().getSimpleName() + where(e) + " cannot be written as JSON: "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    /** The path to the component, as in {@code , training.weightDecay[0]}. */
    private static String where(JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return "";
        }
        String path = mapping.getPath().stream()
                .map(step -> step.getFieldName() != null ? "." + step.getFieldName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining());
        return ", " + (path.startsWith(".") ? path.substring(1) : path);
    }

    private static String what(JsonProcessingException e, String json) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            String known =
                    unknown.getKnownPropertyIds().stream().map(String::valueOf).collect(Collectors.joining(", "));
            return "unknown component " + unknown.getPropertyName() + ", expected one of " + known;
        }
        if (e instanceof ValueInstantiationException && e.getCause() != null) {
            return String.valueOf(e.getCause().getMessage());
        }
        String message = e.getOriginalMessage();
        if (message.startsWith("Null value for creator property") || e instanceof InvalidNullException) {
            return "it is null, expected a value";
        }
        if (e instanceof JsonMappingException mapping && message.startsWith("Missing creator property")) {
            return "it is missing; what is there: " + siblings(mapping, json);
        }
        // The rest of the message is advice on how to set up the mapper.
        return message.split(" \\((but|set|start) ", 2)[0];
    }

    /** The names beside the component that an exception is about. */
    private static String siblings(JsonMappingException e, String json) {
        try {
            JsonNode node = MAPPER.readTree(json);
            for (Reference step : e.getPath().subList(0, e.getPath().size() - 1)) {
                node = step.getFieldName() != null ? node.path(step.getFieldName()) : node.path(step.getIndex());
            }
            return node.propertyStream().map(Map.Entry::getKey).collect(Collectors.joining(", "));
        } catch (JsonProcessingException again) {
            return "(not JSON)";
        }
    }

    private static String line(JsonProcessingException e) {
        return e.getLocation() == null || e.getLocation().getLineNr() < 1
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }

    private static final class DurationReader extends StdScalarDeserializer<Duration> {
        private static final long serialVersionUID = 1;

        DurationReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (Duration) context.handleUnexpectedToken(Duration.class, parser);
            }
            String text = parser.getText();
            try {
                return Duration.parse(text);
            } catch (DateTimeParseException e) {
                return (Duration) context.handleWeirdStringValue(
                        Duration.class, text, "expected ISO 8601 such as PT0.02S for 20 milliseconds");
            }
        }
    }
}
