/* What a vibration says about a machine: reads one recording a row from a .npy file, writes its features to another.
 *
 *   features INPUT.npy OUTPUT.npy [WINDOW]
 *
 * INPUT holds little-endian doubles in C order, of shape (recordings, samples). OUTPUT gets one row a recording: root
 * mean square, largest amplitude, crest factor, kurtosis, and the loudest window's share of all energy (WINDOW samples
 * long, 256 if not given).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEATURES = 5, LONGEST_HEADER = 4096 };

static void fail(const char *what, const char *path) {
  fprintf(stderr, "features: %s: %s\n", path, what);
  exit(1);
}

/* The file, past its header, with the array's shape. */
static FILE *open_array(const char *path, long *rows, long *columns) {
  unsigned char start[10];
  char header[LONGEST_HEADER + 1];
  FILE *file = fopen(path, "rb");
  if (!file) fail("cannot be opened", path);
  if (fread(start, 1, 10, file) != 10 || memcmp(start, "\x93NUMPY\x01", 7)) fail("is not a .npy file", path);
  size_t length = start[8] + 256u * start[9];
  if (length > LONGEST_HEADER || fread(header, 1, length, file) != length) fail("has a damaged header", path);
  header[length] = 0;
  if (!strstr(header, "'<f8'") || !strstr(header, "'fortran_order': False")) fail("is not of doubles in rows", path);
  const char *shape = strstr(header, "'shape': (");
  if (!shape || sscanf(shape, "'shape': (%ld, %ld)", rows, columns) != 2) fail("is not of two dimensions", path);
  return file;
}

static FILE *create_array(const char *path, long rows) {
  char header[118];
  FILE *file = fopen(path, "wb");
  if (!file) fail("cannot be written", path);
  const char *form = "{'descr': '<f8', 'fortran_order': False, 'shape': (%ld, %d), }";
  int used = snprintf(header, sizeof header, form, rows, FEATURES);
  memset(header + used, ' ', sizeof header - used);
  header[sizeof header - 1] = '\n'; /* data begins at byte 128 */
  fwrite("\x93NUMPY\x01\x00\x76\x00", 1, 10, file);
  fwrite(header, 1, sizeof header, file);
  return file;
}

static void measure(const double *samples, long count, long window, double *features) {
  double sum = 0, peak = 0, energy = 0, fourth = 0, loudest = 0, current = 0;
  for (long i = 0; i < count; i++) sum += samples[i];
  for (long i = 0; i < count; i++) {
    double away = samples[i] - sum / count, square = away * away;
    energy += square;
    fourth += square * square;
    if (fabs(away) > peak) peak = fabs(away);
    current += square;
    if (i >= window) {
      double left = samples[i - window] - sum / count;
      current -= left * left;
    }
    if (current > loudest) loudest = current;
  }
  double root = sqrt(energy / count);
  features[0] = root;
  features[1] = peak;
  features[2] = root > 0 ? peak / root : 0;
  features[3] = energy > 0 ? fourth * count / (energy * energy) : 0;
  features[4] = energy > 0 ? loudest / energy : 0;
}

int main(int argc, char **argv) {
  long rows, columns, window = argc > 3 ? atol(argv[3]) : 256;
  if (argc < 3 || window < 1) fail("usage: features INPUT.npy OUTPUT.npy [WINDOW]", "arguments");
  FILE *input = open_array(argv[1], &rows, &columns), *output = create_array(argv[2], rows);
  double *samples = malloc(sizeof *samples * columns), features[FEATURES];
  if (!samples) fail("a recording does not fit into memory", argv[1]);
  for (long row = 0; row < rows; row++) {
    if (fread(samples, sizeof *samples, columns, input) != (size_t)columns) fail("is cut off", argv[1]);
    measure(samples, columns, window, features);
    fwrite(features, sizeof *features, FEATURES, output);
  }
  if (fclose(output)) fail("could not be written", argv[2]);
  return 0;
}
