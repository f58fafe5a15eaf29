using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>The page after a round: the player's own course against what the game did and its events.</summary>
    public sealed class Results
    {
        private const float WidestPage = 880f;
        private const float PageHeight = 380f;
        private const int MostWords = 9;
        private const float LetterWidth = 8f;

        private static readonly Color Text = new Color(0.93f, 0.95f, 0.97f);
        private static readonly Color Level = new Color(0.435f, 0.89f, 0.796f);
        private static readonly Color Demand = new Color(1f, 0.514f, 0.467f, 0.4f);

        private readonly string _title, _demandWords;
        private Course _course;

        /// <summary>A page with a title and words for what the game did.</summary>
        public Results(string title, string demandWords)
        {
            _title = title;
            _demandWords = demandWords;
        }

        /// <summary>Whether it is shown.</summary>
        public bool Visible { get { return _course != null; } }

        /// <summary>Shows a course; null hides the page.</summary>
        public void Show(Course course) { _course = course != null && course.Times.Count > 1 ? course : null; }

        /// <summary>One sentence about how both went together, for players: no number.</summary>
        public string Verdict()
        {
            float r = _course == null ? float.NaN : _course.Agreement();
            if (float.IsNaN(r)) return "There was no signal for long enough: the game kept to its usual course.";
            if (r < -0.3f) return "The calmer you were, the more came; when it got too much, the game eased off.";
            return r > 0.3f ? "You and the game rose and fell together." : "You kept your own course, whatever came.";
        }

        /// <summary>Draws it in the middle of the screen.</summary>
        public void Draw(Pen pen)
        {
            if (_course == null) return;
            Vector2 screen = Pen.Size;
            float width = Math.Min(WidestPage, screen.x - 32);
            var page = new Rect((screen.x - width) / 2, Math.Max(screen.y / 2 - 80, 8), width, PageHeight);
            var plot = new Rect(page.x + 32, page.y + 100, width - 64, 180);
            pen.Fill(page, new Color(0.03f, 0.04f, 0.07f, 0.93f));
            pen.Text(_title, new Rect(page.x + 32, page.y + 16, width - 64, 34), 24, Text);
            pen.Text(Verdict(), new Rect(page.x + 32, page.y + 50, width - 64, 46), 16, Text);
            pen.Fill(plot, new Color(1, 1, 1, 0.04f));
            DrawCourse(pen, plot);
            DrawEvents(pen, plot);
            float half = (width - 64) / 2;
            Legend(pen, new Rect(plot.x, page.y + PageHeight - 46, half, 40), Level, "how stirred up you were, within your own range");
            Legend(pen, new Rect(plot.x + half, page.y + PageHeight - 46, half, 40), Demand, _demandWords);
        }

        private void DrawCourse(Pen pen, Rect plot)
        {
            for (int i = 1; i < _course.Times.Count; i++)
            {
                float left = X(plot, _course.Times[i - 1]), right = X(plot, _course.Times[i]);
                float top = Y(plot, _course.Demands[i]);
                pen.Fill(new Rect(left, top, right - left, plot.yMax - top), Demand);
                float before = _course.Levels[i - 1], now = _course.Levels[i];
                if (float.IsNaN(before) || float.IsNaN(now)) continue;
                float high = Y(plot, Math.Max(before, now)), low = Y(plot, Math.Min(before, now));
                pen.Fill(new Rect(left, high - 1.2f, Math.Max(right - left, 1.5f), low - high + 2.4f), Level);
            }
        }

        // Words that would run into others stand in a second row; repeated ones, and those without a place, are left out.
        private void DrawEvents(Pen pen, Rect plot)
        {
            float[] free = { float.NegativeInfinity, float.NegativeInfinity };
            int shown = 0;
            string last = "";
            foreach (KeyValuePair<float, string> one in _course.Events)
            {
                float at = X(plot, one.Key), wide = LetterWidth * one.Value.Length + 12;
                pen.Fill(new Rect(at, plot.y, 1, plot.height), new Color(1, 1, 1, 0.22f));
                float from = Math.Min(at, plot.xMax - wide);
                for (int row = 0; row < free.Length && one.Value != last; row++)
                {
                    if (shown >= MostWords || from <= free[row]) continue;
                    pen.Text(one.Value, new Rect(from, plot.yMax + 4 + 19 * row, wide, 20), 13, Text);
                    free[row] = from + wide;
                    last = one.Value;
                    shown++;
                    break;
                }
            }
        }

        private static void Legend(Pen pen, Rect place, Color tone, string words)
        {
            pen.Fill(new Rect(place.x, place.y + 6, 14, 8), tone);
            pen.Text(words, new Rect(place.x + 22, place.y, place.width - 22, place.height), 14, Text);
        }

        private float X(Rect plot, float time)
        {
            float end = Math.Max(_course.Times[_course.Times.Count - 1], 1e-3f);
            return plot.x + Mathf.Clamp01(time / end) * plot.width;
        }

        private static float Y(Rect plot, float value) { return plot.y + (1 - Mathf.Clamp01(value)) * plot.height; }
    }
}
