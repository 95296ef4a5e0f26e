// SPDX-License-Identifier: GPL-3.0-or-later
// What makes report.html interactive: surfaces with linked cameras, maps, a probe, a section, curves. Reads the page's own numbers, asks nothing of a network.
(() => {
  'use strict';
  const Plotly = window.Plotly;
  const page = document.documentElement;
  const element = (id) => document.getElementById(id);
  const block = element('report-data');
  if (!Plotly || !block) return;  // the still pictures stay
  const data = JSON.parse(block.textContent);
  const hasWebGl = (() => {
    try {
      const canvas = document.createElement('canvas');
      return Boolean(canvas.getContext('webgl2') || canvas.getContext('webgl'));
    } catch {
      return false;
    }
  })();
  page.classList.add('live');

  // ---- values and scales ----------------------------------------------------------------------------------------------

  // Not computed is null, "inf" and "nan" were computed: both are holes in a picture, and said in words by the probe.
  const isNumber = (v) => typeof v === 'number';
  const heightOf = (v, scale) => (!isNumber(v) || (scale.log && v <= 0) ? null : scale.log ? Math.log10(v) : v);
  const words = (v, digits) => (v === null || v === undefined ? 'not computed' : isNumber(v) ? short(v, digits) : `diverged (${v})`);
  const short = (v, digits = 5) => Number(v.toPrecision(digits)).toString();
  const percent = (v) => (isNumber(v) ? `${(100 * v).toFixed(2)} %` : words(v));
  const isAccuracy = (field) => field.accuracy;
  const shown = (v, field) => (isAccuracy(field) ? percent(v) : words(v));
  const ends = (scale) => [heightOf(scale.from, scale), heightOf(scale.to, scale)];
  const viridis = ['#440154', '#482878', '#3e4989', '#31688e', '#26828e', '#1f9e89', '#35b779', '#6ece58', '#b5de2b', '#fde725'];
  const colorscale = viridis.map((c, i) => [i / (viridis.length - 1), c]);
  const theme = () => {
    const of = (name) => getComputedStyle(page).getPropertyValue(name).trim();
    return { ink: of('--ink'), second: of('--second'), line: of('--line'), paper: of('--paper') };
  };
  const font = () => ({ family: 'system-ui, sans-serif', size: 11, color: theme().second });
  // No button of plotly's may send the chart anywhere; the page's own policy would stop it too.
  const config = {
    displaylogo: false, responsive: true, displayModeBar: 'hover', showSendToCloud: false, plotlyServerURL: '',
    modeBarButtonsToRemove: ['sendDataToCloud', 'sendChartToCloud', 'lasso2d', 'select2d', 'resetCameraLastSave3d', 'hoverClosest3d'],
  };

  const surfaces = data.surfaces;
  const state = { field: data.fields[0], linked: true, along: 'x', probe: { x: 0, y: 0 }, camera: null, abscissa: 'step' };
  const nearest = (list, v) => list.reduce((best, x, i) => (Math.abs(x - v) < Math.abs(list[best] - v) ? i : best), 0);
  const at = (surface) => ({ column: nearest(surface.x, state.probe.x), row: nearest(surface.y, state.probe.y) });
  const valueAt = (surface, key, { row, column }) => surface.values[key][row][column];
  const nameOf = (surface) => data.runs[surface.run].name;
  const lineOf = (run) => ({ color: run.colour, dash: run.dash, width: 2 });

  // ---- the plots of one surface -----------------------------------------------------------------------------------------

  const pathPoints = (surface, solid) =>
    (surface.paths || []).map((path) => {
      const scale = state.field.scale;
      const text = path.step.map((step, i) => `step ${step}<br>loss at the checkpoint ${words(path.loss[i])}<br>loss in the plane ${words(path.plane_loss[i])}<br>${short(path.distance[i], 3)} out of the plane`);
      const trace = { x: path.x, y: path.y, text, hoverinfo: 'text', mode: 'lines+markers', showlegend: false, line: { color: solid ? '#d7263d' : '#fff', width: solid ? 4 : 1.5 }, marker: { size: solid ? 3 : 5, color: solid ? '#d7263d' : '#fff' } };
      return solid ? { ...trace, type: 'scatter3d', z: path.plane_loss.map((v) => heightOf(v, scale)) } : { ...trace, type: 'scatter' };
    });

  const probePoint = (surface, solid) => {
    const place = at(surface);
    const point = { x: [surface.x[place.column]], y: [surface.y[place.row]], mode: 'markers', hoverinfo: 'skip', showlegend: false };
    if (!solid) return { ...point, type: 'scatter', marker: { symbol: 'cross-thin', size: 15, line: { width: 2, color: '#ff4d6d' } } };
    return { ...point, type: 'scatter3d', z: [heightOf(valueAt(surface, state.field.key, place), state.field.scale)], marker: { symbol: 'circle', size: 5, color: '#ff4d6d', line: { width: 1, color: '#fff' } } };
  };

  // A picture needs no more points than it has room for; probe and section use every one. The last point of an axis always stays.
  const most = { solid: 65, map: 129 };
  const stepOf = (list, count) => Math.ceil((list.length - 1) / (count - 1));
  const kept = (list, count) => list.map((_, i) => i).filter((i) => i % stepOf(list, count) === 0 || i === list.length - 1);
  const grid = (surface, count) => {
    const rows = kept(surface.y, count), columns = kept(surface.x, count), { field } = state, values = surface.values[field.key];
    return {
      x: columns.map((c) => surface.x[c]), y: rows.map((r) => surface.y[r]),
      z: rows.map((r) => columns.map((c) => heightOf(values[r][c], field.scale))),
      text: rows.map((r) => columns.map((c) => `x ${short(surface.x[c])}<br>y ${short(surface.y[r])}<br>${field.name} ${shown(values[r][c], field)}`)),
    };
  };
  const levels = () => ({ start: state.field.scale.levels.start, end: state.field.scale.levels.end, size: state.field.scale.levels.step });

  const solidTraces = (surface) => {
    const [cmin, cmax] = ends(state.field.scale);
    const off = { show: false, highlight: false };
    return [
      { type: 'surface', ...grid(surface, most.solid), hoverinfo: 'text', cmin, cmax, colorscale, showscale: false, connectgaps: false,
        contours: { x: off, y: off, z: { show: true, ...levels(), color: 'rgba(0,0,0,.5)', width: 1, highlight: false } },
        lighting: { ambient: 0.72, diffuse: 0.5, specular: 0.04, roughness: 0.9 } },
      probePoint(surface, true), ...pathPoints(surface, true)];
  };
  const mapTraces = (surface) => {
    const [zmin, zmax] = ends(state.field.scale);
    return [
      { type: 'contour', ...grid(surface, most.map), hoverinfo: 'text', zmin, zmax, colorscale, showscale: false, connectgaps: false,
        contours: { ...levels(), coloring: 'heatmap' }, line: { width: 0.6, color: 'rgba(0,0,0,.55)' } },
      probePoint(surface, false),
      { type: 'scatter', x: [0], y: [0], mode: 'markers', hoverinfo: 'skip', showlegend: false, marker: { symbol: 'diamond', size: 7, color: '#fff', line: { width: 1, color: '#333' } } },
      ...pathPoints(surface, false)];
  };

  const axis = (title) => ({ title: { text: title, standoff: 6 }, color: theme().second, tickfont: { size: 11 }, gridcolor: theme().line, zeroline: false, linecolor: theme().line });
  const solidAxis = (title) => ({ title: { text: title, font: { size: 11 } }, color: theme().second, gridcolor: theme().line, backgroundcolor: 'rgba(0,0,0,0)', tickfont: { size: 10 }, nticks: 5, showspikes: false, zeroline: false });
  const solidLayout = (surface, plot) => {
    const scale = state.field.scale, camera = (plot.layout && plot.layout.scene && plot.layout.scene.camera) || structuredClone(state.camera);
    return {
      margin: { l: 0, r: 0, t: 0, b: 0 }, paper_bgcolor: 'rgba(0,0,0,0)', font: font(), modebar: modebar(), hovermode: 'closest', showlegend: false,
      scene: {
        xaxis: solidAxis(surface.axes[0]), yaxis: solidAxis(surface.axes[1]), aspectmode: 'manual', aspectratio: { x: 1, y: 1, z: 0.72 }, camera, dragmode: 'turntable',
        zaxis: { ...solidAxis(state.field.name), range: ends(scale), tickvals: scale.ticks.map((v) => heightOf(v, scale)), ticktext: scale.ticks.map((v) => short(v)) },
      },
    };
  };
  const modebar = () => ({ bgcolor: 'rgba(0,0,0,0)', color: theme().second, activecolor: theme().ink, orientation: 'v' });
  const flatLayout = (x, y, more = {}) => ({
    modebar: modebar(),
    margin: { l: 52, r: 8, t: 8, b: 40 }, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', font: font(), xaxis: axis(x), yaxis: { ...axis(y), automargin: true }, showlegend: false, hovermode: 'closest', ...more,
  });

  // ---- linked cameras -----------------------------------------------------------------------------------------------------

  const views = { iso: { x: 1.35, y: -1.55, z: 1.12 }, front: { x: 0, y: -2.1, z: 0.25 }, right: { x: 2.1, y: 0, z: 0.25 }, top: { x: 0, y: -0.001, z: 2.1 } };
  const cameraAt = (eye) => ({ eye: { ...eye }, center: { x: 0, y: 0, z: -0.14 }, up: { x: 0, y: 0, z: 1 }, projection: { type: 'perspective' } });
  state.camera = cameraAt(views.iso);
  const solids = [];                // the divs that hold a 3-D plot
  const following = new WeakMap();  // how many of our own changes a plot has yet to finish: what it reports meanwhile is ours
  let waiting = null;
  const turn = (plot, camera) => {
    following.set(plot, (following.get(plot) || 0) + 1);
    const done = () => following.set(plot, following.get(plot) - 1);
    return Plotly.relayout(plot, { 'scene.camera': structuredClone(camera) }).then(done, done);
  };
  const follow = (leader, camera, now) => {
    if (!state.linked || following.get(leader) > 0) return;
    state.camera = structuredClone(camera);
    const apply = () => {
      const latest = waiting;
      waiting = null;
      if (latest) for (const plot of solids) if (plot !== latest.leader) turn(plot, latest.camera);
    };
    const scheduled = waiting !== null;
    waiting = { leader, camera: state.camera };
    if (now) apply();
    else if (!scheduled) requestAnimationFrame(apply);
  };
  const turnAll = (camera) => {
    state.camera = camera;
    return Promise.all(solids.map((plot) => turn(plot, camera)));
  };
  const rotate = (plot, right, up) => {
    const camera = structuredClone(plot.layout.scene.camera || state.camera), e = camera.eye;
    const radius = Math.hypot(e.x, e.y, e.z), around = Math.atan2(e.y, e.x) + right, above = Math.min(1.55, Math.max(-1.55, Math.asin(e.z / radius) + up));
    camera.eye = { x: radius * Math.cos(above) * Math.cos(around), y: radius * Math.cos(above) * Math.sin(around), z: radius * Math.sin(above) };
    return state.linked ? turnAll(camera) : turn(plot, camera);
  };

  // ---- the probe ------------------------------------------------------------------------------------------------------------

  const maps = [];
  const draw = (id, traces, layout) => Plotly.react(element(id), traces, layout, config);
  const runTrace = (run, x, y) => ({ type: 'scatter', mode: 'lines', name: run.name, x, y, line: lineOf(run), hovertemplate: `%{x:.5g}, %{y:.5g}<extra>${run.name.replace(/[<>&]/g, '')}</extra>` });

  const drawProbe = () => {
    const place = surfaces.map(at), first = surfaces[0];
    const body = element('probe-body');
    body.replaceChildren(...surfaces.map((surface, k) => {
      const row = document.createElement('tr'), add = (tag, text) => row.appendChild(Object.assign(document.createElement(tag), { textContent: text }));
      const value = (key) => valueAt(surface, key, place[k]), loss = value(data.fields[0].key);
      add('th', nameOf(surface)).scope = 'row';
      add('td', short(surface.x[place[k].column])), add('td', short(surface.y[place[k].row]));
      for (const field of data.fields) add('td', shown(value(field.key), field));
      add('td', isNumber(loss) && isNumber(surface.centre) ? `${loss >= surface.centre ? '+' : ''}${short(loss - surface.centre, 4)}` : 'none');
      return row;
    }));
    element('probe-x').value = nearest(first.x, state.probe.x), element('probe-y').value = nearest(first.y, state.probe.y);
    element('probe-x').setAttribute('aria-valuetext', short(state.probe.x)), element('probe-y').setAttribute('aria-valuetext', short(state.probe.y));
  };
  const drawSection = () => {
    const x = state.along === 'x', scale = state.field.scale;
    const traces = surfaces.map((surface) => {
      const place = at(surface), rows = surface.values[state.field.key];
      const values = x ? rows[place.row] : rows.map((row) => row[place.column]);
      return runTrace(data.runs[surface.run], x ? surface.x : surface.y, values.map((v) => (isNumber(v) && !(scale.log && v <= 0) ? v : null)));
    });
    const other = x ? 'y' : 'x', here = x ? state.probe.x : state.probe.y;
    const line = { type: 'line', x0: here, x1: here, yref: 'paper', y0: 0, y1: 1, line: { color: '#ff4d6d', width: 1, dash: 'dot' } };
    const layout = flatLayout(surfaces[0].axes[x ? 0 : 1], state.field.name, { showlegend: true, legend: { orientation: 'h', y: 1.02, yanchor: 'bottom', x: 0 }, shapes: [line] });
    layout.margin.t = 34;
    layout.yaxis = { ...layout.yaxis, type: scale.log ? 'log' : 'linear', range: ends(scale), exponentformat: 'power' };
    element('section-words').textContent = `${state.field.name} along ${state.along}, at ${other} = ${short(state.probe[other])}`;
    draw('section', traces, layout);
  };
  // Plotly's own way of moving one point computes the whole surface again: the point's own object is asked where it can be.
  const moveMark = (plot, p) => {
    const full = plot._fullData && plot._fullData[1], scene = plot._fullLayout && plot._fullLayout.scene && plot._fullLayout.scene._scene;
    const mark = scene && scene.traces && full && scene.traces[full.uid];
    if (!mark || !scene.glplot) return void Plotly.restyle(plot, { x: [p.x], y: [p.y], z: [p.z] }, [1]);
    for (const key of ['x', 'y', 'z']) full[key] = plot.data[1][key] = p[key];
    mark.update(full);
    scene.glplot.redraw();
  };
  let probeScheduled = false, pointed = null;
  const moveProbe = (x, y) => {
    if (!isNumber(x) || !isNumber(y) || (x === state.probe.x && y === state.probe.y)) return;
    state.probe = { x, y };
    if (probeScheduled) return;
    probeScheduled = true;
    requestAnimationFrame(() => {
      probeScheduled = false;
      drawProbe();
      drawSection();
      for (const plot of maps) {
        const p = probePoint(surfaces[plot.surface], false);
        Plotly.restyle(plot, { x: [p.x], y: [p.y] }, [1]);
      }
      for (const plot of solids) moveMark(plot, probePoint(surfaces[plot.surface], true));
    });
  };
  const stepProbe = (columns, rows) => {
    const first = surfaces[0], clamp = (list, i) => list[Math.min(list.length - 1, Math.max(0, i))];
    pointed = null;
    moveProbe(clamp(first.x, nearest(first.x, state.probe.x) + columns), clamp(first.y, nearest(first.y, state.probe.y) + rows));
  };

  // ---- everything, drawn again where the field or the colours of the page change ---------------------------------------

  const drawScale = () => {
    const scale = state.field.scale, [low, high] = ends(scale), bar = Object.assign(document.createElement('div'), { className: 'bar' });
    bar.style.background = `linear-gradient(90deg, ${viridis.join(',')})`;
    const label = Object.assign(document.createElement('div'), { className: 'label second', textContent: `${state.field.label}: one colour scale and one height scale for all runs` });
    const ticks = scale.ticks.map((v) => {
      const tick = Object.assign(document.createElement('span'), { textContent: isAccuracy(state.field) ? percent(v) : short(v) });
      tick.style.left = `${(100 * (heightOf(v, scale) - low)) / (high - low)}%`;
      return tick;
    });
    const box = document.createElement('div');
    box.style.position = 'relative';
    box.append(bar, ...ticks);
    element('scale').replaceChildren(label, box);
  };
  const drawSurfaces = () => {
    const steps = [most.solid, most.map].map((count) => Math.max(...surfaces.flatMap((s) => [stepOf(s.x, count), stepOf(s.y, count)])));
    const every = (step) => (step === 1 ? 'every point' : `one point in ${step}`);
    element('thinned').textContent = steps[0] > 1 ? `The 3-D views are drawn from ${every(steps[0])} along each axis, the maps from ${every(steps[1])}; probe and section use every one.` : '';
    const drawn = [];
    surfaces.forEach((surface, k) => {
      const flat = flatLayout(surface.axes[0], surface.axes[1]);
      drawn.push(draw(`map-${k + 1}`, mapTraces(surface), flat));
      if (solids[k]) drawn.push(draw(`surface-${k + 1}`, solidTraces(surface), solidLayout(surface, solids[k])));
    });
    return Promise.all(drawn);
  };
  const drawCurves = () => {
    for (const chart of data.curves) {
      const traces = chart.series.filter((s) => s.y.length > 0).map((s) => runTrace(data.runs[s.run], s[state.abscissa], s.y));
      const layout = flatLayout(data.abscissas[state.abscissa], chart.label, { showlegend: chart === data.curves[0], legend: { orientation: 'h', y: 1.02, yanchor: 'bottom', x: 0 } });
      layout.margin.t = chart === data.curves[0] ? 34 : 8;
      layout.yaxis = { ...layout.yaxis, type: chart.log ? 'log' : 'linear', exponentformat: 'power', ...(chart.range ? { range: chart.range } : {}) };
      draw(chart.id, traces, layout);
    }
  };
  const drawAll = () => {
    drawCurves();
    if (surfaces.length === 0) return Promise.resolve();
    drawScale();
    drawProbe();
    drawSection();
    return drawSurfaces();
  };

  // ---- controls ---------------------------------------------------------------------------------------------------------------

  const option = (value, text) => Object.assign(document.createElement('option'), { value, textContent: text });
  const connect = () => {
    const abscissa = element('abscissa');
    for (const [key, label] of Object.entries(data.abscissas)) abscissa.append(option(key, label));
    abscissa.onchange = () => ((state.abscissa = abscissa.value), drawCurves());
    if (surfaces.length === 0) return;
    const field = element('field');
    for (const f of data.fields) field.append(option(f.key, f.name));
    field.onchange = () => ((state.field = data.fields.find((f) => f.key === field.value)), drawAll());
    const linked = element('linked');
    linked.onchange = () => ((state.linked = linked.checked), linked.checked && turnAll(state.camera));
    for (const button of document.querySelectorAll('[data-view]')) button.onclick = () => turnAll(cameraAt(views[button.dataset.view]));
    for (const choice of document.querySelectorAll('[name=along]')) choice.onchange = () => ((state.along = choice.value), drawSection());
    const x = element('probe-x'), y = element('probe-y'), first = surfaces[0];
    x.max = first.x.length - 1, y.max = first.y.length - 1;
    const place = (px, py) => ((pointed = null), moveProbe(px, py));
    x.oninput = y.oninput = () => place(first.x[x.value], first.y[y.value]);
    element('centre').onclick = () => place(0, 0);
  };
  const listen = (plot, solid) => {
    // A plot that is drawn again under a resting mouse reports its hover again: only a mouse that moves moves the probe.
    plot.addEventListener('pointermove', () => (pointed = plot));
    plot.on('plotly_hover', (event) => pointed === plot && moveProbe(event.points[0].x, event.points[0].y));
    if (solid) {
      plot.on('plotly_relayouting', (event) => event['scene.camera'] && follow(plot, event['scene.camera'], false));
      plot.on('plotly_relayout', (event) => Object.keys(event || {}).some((key) => key.startsWith('scene.camera')) && follow(plot, plot.layout.scene.camera, true));
    }
    plot.addEventListener('keydown', (event) => {
      const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      const view = { 1: 'front', 3: 'right', 7: 'top', 9: 'iso' }[event.key];
      if (arrow && event.shiftKey && solid) rotate(plot, -0.12 * arrow[0], 0.08 * arrow[1]);
      else if (arrow) stepProbe(...arrow);
      else if (view && solid) turnAll(cameraAt(views[view]));
      else if (event.key.toLowerCase() === 'l' && solid) element('linked').click();
      else return;
      event.preventDefault();
    });
  };

  if (!hasWebGl) for (const note of document.querySelectorAll('.needs-webgl')) note.hidden = false;
  surfaces.forEach((surface, k) => {
    maps.push(Object.assign(element(`map-${k + 1}`), { surface: k }));
    const solid = element(`surface-${k + 1}`);
    if (solid && hasWebGl) solids.push(Object.assign(solid, { surface: k }));
    else if (solid) solid.nextElementSibling.classList.remove('only-still'), solid.remove();
  });
  connect();
  drawAll().then(() => {
    for (const plot of maps) listen(plot, false);
    for (const plot of solids) listen(plot, true);
    page.dataset.ready = 'yes';
  });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
})();
