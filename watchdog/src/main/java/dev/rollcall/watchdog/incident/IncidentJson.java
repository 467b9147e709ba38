package dev.rollcall.watchdog.incident;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.Instantiatable;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.watchdog.Incident;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An incident as JSON: the records as they are, one snapshot per line so that two incidents can be compared by line.
 * Unknown fields are ignored (a later release may add some), everything else is held to. Any thread.
 */
final class IncidentJson {
    private static final int DEEPEST = 32;
    private static final ObjectMapper MAPPER = mapper();

    /** Reflection answers slowly, and a window asks a hundred thousand times. */
    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents()).filter(c -> !c.getType().isPrimitive())
                    .map(c -> new Field(c.getName(), c.getAccessor(),
                            c.getAnnotatedType().isAnnotationPresent(Nullable.class)))
                    .toList();
        }
    };

    private IncidentJson() {
    }

    static byte[] write(Incident incident) throws IOException {
        return MAPPER.writer(new Lines()).writeValueAsBytes(incident);
    }

    /** Reads and checks; any damage is an IOException or a RollcallException, never half an incident. */
    static Incident read(byte[] json) throws IOException {
        Incident incident = MAPPER.readValue(json, Incident.class);
        if (incident == null) {
            throw new RollcallException("incident is empty json=null");
        }
        requireComplete(incident, "incident");
        return incident;
    }

    private static ObjectMapper mapper() {
        StreamReadConstraints limits = StreamReadConstraints.builder().maxNestingDepth(DEEPEST).maxNumberLength(40)
                .maxStringLength(1 << 20).maxNameLength(200).build();
        return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(limits).build())
                // Records alone, never their methods: a method named isAlive() is not a fact that was saved.
                .visibility(PropertyAccessor.ALL, Visibility.NONE).visibility(PropertyAccessor.FIELD, Visibility.ANY)
                .visibility(PropertyAccessor.CREATOR, Visibility.ANY)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
    }

    /** What NullAway proves of our own code holds for a file only when somebody looks. */
    private static void requireComplete(Object value, String path) {
        if (value instanceof List<?> list) {
            for (Object element : list) {
                if (element == null) {
                    throw new RollcallException("incident lacks a value field=" + path);
                }
                requireComplete(element, path);
            }
        } else if (value instanceof Record) {
            for (Field field : FIELDS.get(value.getClass())) {
                Object part = field.of(value);
                if (part != null) {
                    requireComplete(part, field.name);
                } else if (!field.nullable) {
                    throw new RollcallException("incident lacks a value field=" + path + "." + field.name);
                }
            }
        }
    }

    /** A component of a record that is a reference, and whether it may be null. */
    private record Field(String name, Method accessor, boolean nullable) {
        @Nullable
        Object of(Object value) {
            try {
                return accessor.invoke(value);
            } catch (ReflectiveOperationException e) {
                throw new RollcallException("incident not readable field=" + name, e);
            }
        }
    }

    /** A line break after each field of the incident and each element of its lists, and none below. */
    private static final class Lines extends MinimalPrettyPrinter implements Instantiatable<Lines> {
        private static final long serialVersionUID = 1L;
        private static final int FIELD = 1;
        private static final int ELEMENT = 2;
        private int depth;

        @Override
        public Lines createInstance() {
            return new Lines();
        }

        @Override
        public void writeStartObject(JsonGenerator out) throws IOException {
            super.writeStartObject(out);
            depth++;
        }

        @Override
        public void writeEndObject(JsonGenerator out, int entries) throws IOException {
            depth--;
            super.writeEndObject(out, entries);
        }

        @Override
        public void writeStartArray(JsonGenerator out) throws IOException {
            super.writeStartArray(out);
            depth++;
        }

        @Override
        public void beforeArrayValues(JsonGenerator out) throws IOException {
            breakLine(out, ELEMENT);
        }

        @Override
        public void writeEndArray(JsonGenerator out, int values) throws IOException {
            depth--;
            super.writeEndArray(out, values);
        }

        @Override
        public void writeObjectEntrySeparator(JsonGenerator out) throws IOException {
            super.writeObjectEntrySeparator(out);
            breakLine(out, FIELD);
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator out) throws IOException {
            super.writeArrayValueSeparator(out);
            breakLine(out, ELEMENT);
        }

        private void breakLine(JsonGenerator out, int level) throws IOException {
            if (depth == level) {
                out.writeRaw('\n');
            }
        }
    }
}
