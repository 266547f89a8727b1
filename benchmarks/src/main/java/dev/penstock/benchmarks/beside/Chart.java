package dev.penstock.benchmarks.beside;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A drawing of ratios: a group of bars a case, a bar a peer, on a logarithmic scale around 1.
 *
 * @param ratios for each peer, ours by the peer's: case to ratio
 */
record Chart(String title, String ours, List<String> peers, List<Map<String, Double>> ratios) {
  private static final int LEFT = 46;
  private static final int TOP = 54;
  private static final int HEIGHT = 240;
  private static final int BAR = 12;
  private static final int GAP = 8;
  private static final List<String> COLOURS =
      List.of("#2f6db5", "#d9822b", "#4f9a57", "#a2559c", "#7a7a7a");

  /** The drawing as a text. */
  String svg() {
    List<String> cases = new ArrayList<>(ratios.get(0).keySet());
    int group = peers.size() * BAR + GAP;
    int width = Math.max(LEFT + cases.size() * group + GAP + 10, 520);
    double bound = bound();
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"10\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
            width,
            TOP + HEIGHT + 70));
    text(out, LEFT, 16, "start", title);
    for (int p = 0; p < peers.size(); p++) {
      rectangle(out, LEFT + p * 140, 26, BAR, BAR, colour(p));
      text(out, LEFT + p * 140 + BAR + 4, 36, "start", ours + " / " + peers.get(p));
    }
    for (double at :
        List.of(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 5.0, 10.0, 20.0, 50.0)) {
      if (at >= 1 / bound && at <= bound) {
        double y = y(at, bound);
        out.append(
            String.format(
                Locale.ROOT,
                "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
                LEFT,
                width - 10,
                y,
                y,
                at == 1 ? "#000000" : "#dddddd"));
        text(out, LEFT - 4, (int) y + 3, "end", at >= 10 ? "" + (int) at : "" + at);
      }
    }
    for (int c = 0; c < cases.size(); c++) {
      bars(out, cases.get(c), LEFT + GAP + c * group, bound);
    }
    return out.append("</svg>\n").toString();
  }

  private void bars(StringBuilder out, String name, int x, double bound) {
    for (int p = 0; p < peers.size(); p++) {
      Double ratio = ratios.get(p).get(name);
      if (ratio == null || ratio.isNaN()) {
        continue;
      }
      double y = y(Math.max(1 / bound, Math.min(bound, ratio)), bound);
      double one = y(1, bound);
      rectangle(
          out, x + p * BAR, Math.min(y, one), BAR - 2, Math.max(1, Math.abs(y - one)), colour(p));
    }
    int middle = x + peers.size() * BAR / 2;
    int foot = TOP + HEIGHT + 12;
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" transform=\"rotate(-45 %d %d)\">%s</text>%n",
            middle,
            foot,
            middle,
            foot,
            escaped(name)));
  }

  /** The scale goes from 1 / bound to bound. */
  private double bound() {
    double bound = 2;
    for (Map<String, Double> peer : ratios) {
      for (double ratio : peer.values()) {
        if (!Double.isNaN(ratio)) {
          bound = Math.max(bound, Math.max(ratio, 1 / ratio));
        }
      }
    }
    return Math.min(100, bound * 1.05);
  }

  private static double y(double ratio, double bound) {
    return TOP + HEIGHT / 2.0 * (1 - Math.log(ratio) / Math.log(bound));
  }

  private static String colour(int peer) {
    return COLOURS.get(peer % COLOURS.size());
  }

  private static void rectangle(
      StringBuilder out, double x, double y, double width, double height, String colour) {
    out.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
            x,
            y,
            width,
            height,
            colour));
  }

  private static void text(StringBuilder out, int x, int y, String anchor, String text) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n",
            x,
            y,
            anchor,
            escaped(text)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
