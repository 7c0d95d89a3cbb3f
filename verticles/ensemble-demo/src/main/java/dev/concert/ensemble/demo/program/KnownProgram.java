package dev.concert.ensemble.demo.program;

/**
 * The programs that the demo model knows, with {@code COUNT} as the placeholder of their number.
 */
enum KnownProgram {
  PRIMES(
      "the first %d primes",
      """
      def primes(count):
          found = []
          candidate = 2
          while len(found) < count:
              if all(candidate % prime for prime in found):
                  found.append(candidate)
              candidate += 1
          return found


      for prime in primes(COUNT):
          print(prime)
      """,
      """
      found=0
      candidate=2
      while [ "$found" -lt COUNT ]; do
        prime=1
        divisor=2
        while [ $((divisor * divisor)) -le "$candidate" ]; do
          if [ $((candidate % divisor)) -eq 0 ]; then
            prime=0
            break
          fi
          divisor=$((divisor + 1))
        done
        if [ "$prime" -eq 1 ]; then
          echo "$candidate"
          found=$((found + 1))
        fi
        candidate=$((candidate + 1))
      done
      """),
  FIBONACCI(
      "the first %d Fibonacci numbers",
      """
      current, following = 0, 1
      for _ in range(COUNT):
          print(current)
          current, following = following, current + following
      """,
      """
      current=0
      following=1
      for _ in $(seq COUNT); do
        echo "$current"
        sum=$((current + following))
        current=$following
        following=$sum
      done
      """),
  FACTORIALS(
      "the factorials up to %d",
      """
      product = 1
      for number in range(1, COUNT + 1):
          product *= number
          print(f"{number}! = {product}")
      """,
      """
      product=1
      for number in $(seq COUNT); do
        product=$((product * number))
        echo "$number! = $product"
      done
      """),
  SQUARES(
      "the first %d squares",
      """
      for number in range(1, COUNT + 1):
          print(number * number)
      """,
      """
      for number in $(seq COUNT); do
        echo $((number * number))
      done
      """),
  COUNTING(
      "the numbers from 1 to %d",
      """
      for number in range(1, COUNT + 1):
          print(number)
      """,
      """
      seq COUNT
      """);

  private final String description;
  private final String python;
  private final String shell;

  KnownProgram(String description, String python, String shell) {
    this.description = description;
    this.python = python;
    this.shell = shell;
  }

  Program of(Language language, int count) {
    String source =
        switch (language) {
          case PYTHON -> python;
          case SHELL -> "#!/usr/bin/env bash\n" + shell;
        };
    return new Program(
        source.replace("COUNT", Integer.toString(count)),
        "which prints " + description.formatted(count));
  }
}
