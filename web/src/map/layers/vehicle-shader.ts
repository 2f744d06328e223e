/** Symbols as distance fields: sharp at every size, one quad a vehicle, one draw call for all. */

/** The quad reaches a little beyond the symbol for its halo. */
export const QUAD = 1.35;

export const VERTEX = `#version 300 es
precision highp float;
in vec2 a_corner;
in vec2 a_place;
in float a_heading;
in float a_symbol;
in float a_pale;
uniform vec2 u_screen;
uniform float u_radius;
out vec2 v_point;
flat out int v_symbol;
flat out float v_pale;
void main() {
  v_point = a_corner * ${QUAD.toFixed(2)};
  v_symbol = int(a_symbol + 0.5);
  v_pale = a_pale;
  float turn = v_symbol == 0 ? a_heading : 0.0;
  vec2 arm = v_point * u_radius;
  vec2 turned = vec2(arm.x * cos(turn) - arm.y * sin(turn), arm.x * sin(turn) + arm.y * cos(turn));
  vec2 pixel = a_place + turned;
  gl_Position = vec4(pixel.x / u_screen.x * 2.0 - 1.0, 1.0 - pixel.y / u_screen.y * 2.0, 0.0, 1.0);
}`;

export const FRAGMENT = `#version 300 es
precision highp float;
in vec2 v_point;
flat in int v_symbol;
flat in float v_pale;
uniform vec3 u_marks[5];
uniform vec3 u_halo;
uniform float u_radius;
uniform float u_ratio;
out vec4 color;

float box(vec2 point, vec2 half_size) {
  vec2 away = abs(point) - half_size;
  return length(max(away, 0.0)) + min(max(away.x, away.y), 0.0);
}

float arrow(vec2 point) {
  vec2 folded = vec2(abs(point.x), point.y);
  float flank = dot(folded - vec2(0.0, -1.0), normalize(vec2(1.8, -0.78)));
  float base = dot(folded - vec2(0.0, 0.46), normalize(vec2(-0.34, 0.78)));
  return max(flank, base);
}

float stroke(vec2 point, vec2 from, vec2 to, float half_width) {
  vec2 along = to - from;
  float share = clamp(dot(point - from, along) / dot(along, along), 0.0, 1.0);
  return length(point - from - along * share) - half_width;
}

float symbol(vec2 point) {
  if (v_symbol == 0) return arrow(point);
  if (v_symbol == 1) return box(vec2(abs(point.x) - 0.43, point.y), vec2(0.25, 0.78));
  if (v_symbol == 2) return box(point, vec2(0.6)) - 0.12;
  float ring = abs(length(point) - 0.7) - 0.13;
  if (v_symbol == 3) return min(ring, stroke(point, vec2(-0.62, 0.62), vec2(0.62, -0.62), 0.12));
  return abs(length(point) - 0.54) - 0.3;
}

void main() {
  float pixel = 1.0 / (u_radius * u_ratio);
  float inside = symbol(v_point);
  float ground = v_symbol >= 3 ? min(inside, length(v_point) - 0.8) : inside;
  float halo = 1.0 - smoothstep(-pixel, pixel, ground - 2.0 / u_radius);
  float fill = 1.0 - smoothstep(-pixel, pixel, inside);
  float edge = smoothstep(-pixel, pixel, inside + 1.6 / u_radius);
  vec3 mark = u_marks[v_symbol];
  vec3 body = mix(mark, u_halo, v_symbol < 3 ? 0.75 * v_pale * (1.0 - edge) : 0.0);
  vec3 shown = mix(u_halo, body, fill);
  float alpha = max(halo, fill);
  color = vec4(shown * alpha, alpha);
}`;
