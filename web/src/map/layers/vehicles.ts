/** All vehicles in one layer of the map: one buffer and one draw call a frame, whatever their number. */

import type { CustomLayerInterface } from "maplibre-gl";
import { FRAGMENT, VERTEX } from "@/map/layers/vehicle-shader";
import type { Rgb } from "@/map/palette";
import { type Scene, STRIDE } from "@/map/scene";

export interface VehicleFrame {
  readonly scene: Scene;
  /** CSS pixels of the map. */
  readonly width: number;
  readonly height: number;
  /** Half the size of a symbol, CSS pixels. */
  readonly radiusPx: number;
  /** By symbol (`symbols.ts`), 0…1. */
  readonly marks: readonly Rgb[];
  readonly halo: Rgb;
}

export const VEHICLES_LAYER = "vehicles";
const FLOAT_BYTES = 4;

function compile(gl: WebGL2RenderingContext, kind: number, source: string): WebGLShader {
  const shader = gl.createShader(kind);
  if (!shader) throw new Error("The graphics card gives no shader.");
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  gl.attachShader(program, compile(gl, gl.VERTEX_SHADER, VERTEX));
  gl.attachShader(program, compile(gl, gl.FRAGMENT_SHADER, FRAGMENT));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`The vehicles' shader does not link: ${gl.getProgramInfoLog(program) ?? ""}`);
  }
  return program;
}

/** What lives on the graphics card; made anew after the context was lost. */
interface OnCard {
  readonly program: WebGLProgram;
  readonly array: WebGLVertexArrayObject;
  readonly buffer: WebGLBuffer;
  readonly uniform: (name: string) => WebGLUniformLocation | null;
}

function prepare(gl: WebGL2RenderingContext): OnCard {
  const program = link(gl);
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), gl.STATIC_DRAW);
  attribute(gl, program, { name: "a_corner", size: 2, stride: 2, offset: 0, each: 0 });
  const buffer = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  attribute(gl, program, { name: "a_place", size: 2, stride: STRIDE, offset: 0, each: 1 });
  attribute(gl, program, { name: "a_heading", size: 1, stride: STRIDE, offset: 2, each: 1 });
  attribute(gl, program, { name: "a_symbol", size: 1, stride: STRIDE, offset: 3, each: 1 });
  attribute(gl, program, { name: "a_pale", size: 1, stride: STRIDE, offset: 4, each: 1 });
  gl.bindVertexArray(null);
  const found = new Map<string, WebGLUniformLocation | null>();
  const uniform = (name: string): WebGLUniformLocation | null => {
    if (!found.has(name)) found.set(name, gl.getUniformLocation(program, name));
    return found.get(name) ?? null;
  };
  return { program, array, buffer, uniform };
}

interface Attribute {
  name: string;
  size: number;
  stride: number;
  offset: number;
  each: number;
}

function attribute(
  gl: WebGL2RenderingContext,
  program: WebGLProgram,
  { name, size, stride, offset, each }: Attribute,
): void {
  const place = gl.getAttribLocation(program, name);
  gl.enableVertexAttribArray(place);
  gl.vertexAttribPointer(place, size, gl.FLOAT, false, stride * FLOAT_BYTES, offset * FLOAT_BYTES);
  gl.vertexAttribDivisor(place, each);
}

function draw(gl: WebGL2RenderingContext, card: OnCard, frame: VehicleFrame): void {
  const { scene, width, height, radiusPx, marks, halo } = frame;
  if (scene.count === 0) return;
  gl.useProgram(card.program);
  gl.bindVertexArray(card.array);
  gl.bindBuffer(gl.ARRAY_BUFFER, card.buffer);
  gl.bufferData(gl.ARRAY_BUFFER, scene.instances.subarray(0, scene.count * STRIDE), gl.STREAM_DRAW);
  gl.uniform2f(card.uniform("u_screen"), width, height);
  gl.uniform1f(card.uniform("u_radius"), radiusPx);
  gl.uniform1f(card.uniform("u_ratio"), gl.drawingBufferWidth / width);
  gl.uniform3fv(card.uniform("u_marks"), marks.flat());
  gl.uniform3fv(card.uniform("u_halo"), halo);
  gl.disable(gl.DEPTH_TEST);
  gl.disable(gl.STENCIL_TEST);
  gl.disable(gl.CULL_FACE);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, scene.count);
  gl.bindVertexArray(null);
}

/** The layer; `frame` is asked once for every frame the map draws. */
export function vehiclesLayer(frame: () => VehicleFrame | null): CustomLayerInterface {
  let card: OnCard | null = null;
  return {
    id: VEHICLES_LAYER,
    type: "custom",
    renderingMode: "2d",
    onAdd: (_map, gl) => {
      card = prepare(gl);
    },
    onRemove: (_map, gl) => {
      if (!card) return;
      gl.deleteProgram(card.program);
      gl.deleteBuffer(card.buffer);
      gl.deleteVertexArray(card.array);
      card = null;
    },
    render: (gl) => {
      const now = frame();
      if (now && card) draw(gl, card, now);
    },
  };
}
