package io.github.mbrl4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BatchTest {

    private static Batch counting(int rows, int columns) {
        Batch batch = new Batch(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            batch.array()[i] = i;
        }
        return batch;
    }

    @Test
    void startsWithZeros() {
        Batch batch = new Batch(2, 3);
        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.columns()).isEqualTo(3);
        assertThat(batch.array()).containsExactly(0, 0, 0, 0, 0, 0);
        assertThat(batch).hasToString("Batch[2 x 3]");
    }

    @Test
    void mayBeEmpty() {
        Batch batch = new Batch(0, 3);
        batch.fillRows(new double[] {1, 2, 3});
        assertThat(batch.rows()).isZero();
        assertThat(batch.resize(1).row(0)).hasSize(3);
    }

    @Test
    void isRowMajor() {
        Batch batch = counting(2, 3);
        assertThat(batch.get(1, 0)).isEqualTo(3);
        assertThat(batch.row(1)).containsExactly(3, 4, 5);
        batch.set(0, 2, 9);
        assertThat(batch.array()[2]).isEqualTo(9);
    }

    @Test
    void resizingKeepsLeadingRowsAndShrinksWithoutAllocation() {
        Batch batch = counting(4, 2);
        float[] array = batch.array();
        assertThat(batch.resize(1)).isSameAs(batch);
        assertThat(batch.rows()).isEqualTo(1);
        assertThat(batch.resize(4).array()).isSameAs(array);
        assertThat(batch.row(3)).containsExactly(6, 7);
        batch.resize(6);
        assertThat(batch.array()).isNotSameAs(array);
        assertThat(batch.row(3)).containsExactly(6, 7);
        batch.set(5, 1, 1);
    }

    @Test
    void wrapSharesTheArray() {
        float[] array = {1, 2, 3, 4, 5};
        Batch batch = Batch.wrap(array, 2, 2);
        assertThat(batch.array()).isSameAs(array);
        array[3] = 7;
        assertThat(batch.get(1, 1)).isEqualTo(7);
        assertThatThrownBy(() -> Batch.wrap(array, 3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("array has length 5, expected at least 6 for 3 rows of 2");
        assertThatThrownBy(() -> Batch.wrap(array, 1 << 16, 1 << 16)).hasMessageContaining("4294967296");
    }

    @Test
    void ofRowsCopies() {
        double[] row = {1, 2};
        Batch batch = Batch.ofRows(row, new double[] {3, 4});
        row[0] = 9;
        assertThat(batch.array()).containsExactly(1, 2, 3, 4);
        assertThatThrownBy(() -> Batch.ofRows(new double[] {1, 2}, new double[] {3}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vector has length 1, expected 2");
        assertThatThrownBy(Batch::ofRows).hasMessage("vectors is empty, expected at least one row");
    }

    @Test
    void copiesRows() {
        Batch batch = counting(3, 2);
        double[] vector = new double[2];
        batch.copyRow(2, vector);
        assertThat(vector).containsExactly(4, 5);
        Batch target = new Batch(2, 2);
        batch.copyRow(1, target, 1);
        assertThat(target.array()).containsExactly(0, 0, 2, 3);
        batch.setRow(0, new double[] {8, 9});
        assertThat(batch.row(0)).containsExactly(8, 9);
        batch.fillRows(new double[] {1, 2});
        assertThat(batch.array()).containsExactly(1, 2, 1, 2, 1, 2);
    }

    @Test
    void copyingARowToANarrowerBatchIsAnError() {
        assertThatThrownBy(() -> counting(2, 3).copyRow(0, new Batch(2, 2), 0)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void copyFromTakesTheRowCount() {
        Batch batch = new Batch(1, 2);
        batch.copyFrom(counting(3, 2));
        assertThat(batch.rows()).isEqualTo(3);
        assertThat(batch.row(2)).containsExactly(4, 5);
        batch.copyFrom(new Batch(1, 2));
        assertThat(batch.rows()).isEqualTo(1);
        assertThatThrownBy(() -> batch.copyFrom(new Batch(1, 3))).hasMessage("source has 3 columns, expected 2");
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "2, 0", "0, -1", "0, 3"})
    void elementsOutsideAreAnError(int row, int column) {
        Batch batch = new Batch(4, 3).resize(2);
        assertThatThrownBy(() -> batch.get(row, column))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("element (%d, %d) of a batch of 2 rows of 3", row, column);
        assertThatThrownBy(() -> batch.set(row, column, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void sizesAreChecked() {
        assertThatThrownBy(() -> new Batch(-1, 2)).hasMessage("rows is -1, expected 0 or more");
        assertThatThrownBy(() -> new Batch(1, 0)).hasMessage("columns is 0, expected at least 1");
        assertThatThrownBy(() -> new Batch(1, 2).resize(-2)).hasMessage("rows is -2, expected 0 or more");
    }

    @Test
    void makesTheRoundTripThroughNd4j() {
        Batch batch = counting(5, 3).resize(2);
        INDArray matrix = batch.toINDArray();
        assertThat(matrix.shape()).containsExactly(2, 3);
        assertThat(matrix.dataType()).isEqualTo(DataType.FLOAT);
        matrix.putScalar(0, 0, 100);
        assertThat(batch.get(0, 0)).isZero(); // a copy
        Batch back = Batch.of(matrix);
        assertThat(back.row(0)).containsExactly(100, 1, 2);
        assertThat(back.row(1)).containsExactly(3, 4, 5);
    }

    @Test
    void readsViewsAndOtherTypesOfNd4j() {
        INDArray matrix = Nd4j.arange(6).reshape(2, 3).castTo(DataType.DOUBLE);
        assertThat(Batch.of(matrix.transpose()).array()).containsExactly(0, 3, 1, 4, 2, 5);
        assertThat(Batch.of(matrix.dup('f')).array()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThatThrownBy(() -> Batch.of(Nd4j.zeros(2, 3, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("matrix has shape [2, 3, 4], expected two dimensions [rows, columns]");
    }

    @Test
    void sizesThatDoNotFitIntoAnArrayAreNamed() {
        String message = "rows is 100000 and columns is 100000, expected a product of at most 2147483639";
        assertThatThrownBy(() -> new Batch(100_000, 100_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> new Batch(1, 100_000).resize(100_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
