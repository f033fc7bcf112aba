/* 栋梁 · charts. One theme, every colour from the tokens, SVG so that paper is sharp. The table twin stays in the page.
   <div class="chart" data-chart="KIND" data-src="ID of a json_script" role="img" aria-label="…">
   curve    {months: ["1月"…], done: [..], plan: [..], sched: [..], unit, gap: "差时序 11.24"}      cumulative, null where unknown
   bars     {items: [{name, value, url, tone}], unit}                                              horizontal, longest first
   columns  {categories: [..], series: [{name, values: [..]}], unit, urls: [..], stacked: true}    vertical
   lines    {categories: [..], series: [{name, values: [..], plain (thin, no figure at its end)}], unit}
   ring     {items: [{name, value, url}], unit} */
(function () {
  'use strict';
  const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  const PALETTE = ['#1B4F8F', '#4C8BC9', '#2A9D8F', '#8A6FBF', '#B7791F', '#7B8794'];
  const SIZES = { wall: 22, print: 10 };
  const text = (value, unit) => (value === null || value === undefined ? '—' : Number(value).toLocaleString('zh-CN') + (unit ? ' ' + unit : ''));

  function theme(el) {
    const size = SIZES[el.dataset.size] || 12;
    return { size: size, big: el.dataset.size === 'wall', ink: css('--ink'), ink2: css('--ink-2'), muted: css('--muted'), line: css('--line'), line2: css('--line-2'), font: css('--font-sans') };
  }
  function frame(t, el, unit) {
    return {
      animation: false,
      color: PALETTE,
      textStyle: { fontFamily: t.font, fontSize: t.size, color: t.ink },
      aria: { enabled: true, label: { description: el.getAttribute('aria-label') } },
      legend: { top: 0, left: 0, itemWidth: t.big ? 28 : 14, itemHeight: t.big ? 14 : 8, itemGap: t.big ? 32 : 18, textStyle: { color: t.ink2, fontSize: t.size } },
      grid: { top: t.size * 3, left: 4, right: 12, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: { trigger: 'axis', valueFormatter: (value) => text(value, unit), textStyle: { fontSize: t.size, color: t.ink } }
    };
  }
  const category = (t, names) => ({ type: 'category', data: names, axisTick: { show: false }, axisLine: { lineStyle: { color: t.line2 } }, axisLabel: { color: t.muted, fontSize: t.size } });
  const measure = (t) => ({ type: 'value', min: 0, axisLabel: { color: t.muted, fontSize: t.size, hideOverlap: true }, splitLine: { lineStyle: { color: t.line } } });

  const draw = {
    curve(d, el, t) {
      const last = d.done.reduce((at, value, i) => (value === null ? at : i), 0);
      const option = frame(t, el, d.unit);
      option.legend.data = [
        { name: '累计完成', icon: 'rect' },
        { name: '累计计划', icon: 'path://M0 3h16v2H0z', itemStyle: { color: t.ink } },
        { name: '时序', icon: 'path://M0 3h4v2H0zM6 3h4v2H6zM12 3h4v2h-4z' }];
      option.legend.selectedMode = false;
      option.grid.right = t.size * 4.2;
      option.xAxis = category(t, d.months);
      option.xAxis.axisLabel.interval = 0;
      option.xAxis.axisLabel.formatter = (name, i) => (i === 0 || t.big ? name : String(parseInt(name, 10)));
      option.yAxis = measure(t);
      option.series = [
        { name: '累计完成', type: 'bar', data: d.done, barWidth: '52%', itemStyle: { color: css('--st-4') }, emphasis: { disabled: true } },
        { name: '累计计划', type: 'line', data: d.plan, symbol: 'none', lineStyle: { color: t.ink, width: t.big ? 3 : 1.75 }, itemStyle: { color: t.ink } },
        { name: '时序', type: 'line', data: d.sched, symbol: 'none', lineStyle: { color: t.muted, width: t.big ? 3 : 1.5, type: [4, 4] }, itemStyle: { color: t.muted } },
        { type: 'scatter', silent: true, data: [[last, d.done[last]]], symbolSize: 0.01, tooltip: { show: false },
          label: { show: d.done[last] !== null, position: 'right', distance: el.clientWidth * 0.0217 + 8, align: 'left', verticalAlign: 'top', offset: [0, -t.size / 2],
            formatter: '{v|' + text(d.done[last]) + '}' + (d.gap ? '\n{g|' + d.gap + '}' : ''),
            rich: { v: { color: css('--primary'), fontWeight: 600, fontSize: t.size + 2, lineHeight: t.size * 1.5 }, g: { color: t.muted, fontSize: t.size, lineHeight: t.size * 1.5 } } } }];
      return option;
    },
    bars(d, el, t) {
      const option = frame(t, el, d.unit);
      option.legend.show = false;
      option.grid.top = 4; option.grid.right = t.size * 5;
      option.tooltip.axisPointer = { type: 'shadow' };
      option.yAxis = category(t, d.items.map((one) => one.name));
      option.yAxis.inverse = true;
      option.yAxis.axisLabel.color = t.ink;
      option.xAxis = measure(t);
      option.xAxis.axisLabel.show = false; option.xAxis.splitLine.show = false;
      option.series = [{ type: 'bar', barMaxWidth: t.size * 1.5, label: { show: true, position: 'right', color: t.ink, fontSize: t.size, formatter: (p) => text(p.value) },
        data: d.items.map((one) => ({ value: one.value, url: one.url, itemStyle: { color: css(one.tone === 'bad' ? '--bad-solid' : one.tone === 'warn' ? '--warn-solid' : '--st-4') } })) }];
      return option;
    },
    columns(d, el, t) {
      const option = frame(t, el, d.unit);
      option.legend.show = d.series.length > 1;
      option.tooltip.axisPointer = { type: 'shadow' };
      option.xAxis = category(t, d.categories);
      option.yAxis = measure(t);
      option.series = d.series.map((one) => ({ name: one.name, type: 'bar', stack: d.stacked ? 'all' : undefined, barMaxWidth: 36,
        data: one.values.map((value, i) => ({ value: value, url: d.urls && d.urls[i] })) }));
      return option;
    },
    lines(d, el, t) {
      const option = frame(t, el, d.unit);
      option.legend.show = d.series.length > 1;
      option.xAxis = category(t, d.categories);
      option.yAxis = measure(t);
      option.series = d.series.map((one) => ({ name: one.name, type: 'line', symbolSize: 5, data: one.values, lineStyle: { width: one.plain ? 1 : t.big ? 3 : 2, type: one.plain ? 'dashed' : 'solid' }, endLabel: { show: !one.plain, color: t.ink, fontSize: t.size, formatter: (p) => text(p.value) } }));
      option.grid.right = t.size * 4;
      return option;
    },
    ring(d, el, t) {
      const option = frame(t, el, d.unit);
      option.tooltip.trigger = 'item';
      option.legend.orient = 'vertical'; option.legend.left = '58%'; option.legend.top = 'middle';
      option.series = [{ type: 'pie', radius: ['52%', '78%'], center: ['28%', '50%'], label: { show: false }, itemStyle: { borderColor: css('--paper'), borderWidth: 2 },
        data: d.items.map((one) => ({ name: one.name, value: one.value, url: one.url })) }];
      return option;
    }
  };

  function start(root) {
    root.querySelectorAll('[data-chart]').forEach((el) => {
      if (el.dataset.drawn) return;
      const source = document.getElementById(el.dataset.src);
      if (!window.echarts || !source || !draw[el.dataset.chart]) { /* the table below says the same */
        el.hidden = true;
        const twin = el.parentElement.querySelector('details');
        if (twin) twin.open = true;
        return;
      }
      el.dataset.drawn = '1';
      const chart = window.echarts.init(el, null, { renderer: 'svg' });
      chart.setOption(draw[el.dataset.chart](JSON.parse(source.textContent), el, theme(el)));
      chart.on('click', (event) => { if (event.data && event.data.url) location.href = event.data.url; });
      new ResizeObserver(() => chart.resize()).observe(el);
    });
  }
  start(document);
  document.addEventListener('htmx:afterSettle', (event) => start(event.detail.target));
})();
