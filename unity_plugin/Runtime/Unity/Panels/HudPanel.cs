using UnityEngine;

namespace Sentio
{
    /// <summary>Draws all data of a feed: valence and arousal with uncertainty, indices, body, sensors, link and
    /// reason.</summary>
    internal sealed class HudPanel
    {
        private const float Width = 340f;
        private const float Height = 760f;
        private const float Margin = 16f;
        private const float PadSize = 150f;
        private const float Meter = 10f;

        private static readonly AffectEntry[] Indices =
            { AffectEntry.Stress, AffectEntry.Engagement, AffectEntry.Relaxation, AffectEntry.Focus };

        private static readonly Color[] Tones = { Palette.Coral, Palette.Amber, Palette.Teal, Palette.Blue };

        private readonly Gui _gui = new Gui();

        /// <summary>Scrolls by pages, down if they are positive.</summary>
        internal void Scroll(float pages) { _gui.ScrollPages(pages); }

        internal void Draw(SentioFeed feed, HudText text)
        {
            Vector2 room = Gui.Screen - new Vector2(2 * Margin, 2 * Margin);
            _gui.Begin(new Rect(Margin, Margin, Mathf.Min(Width, room.x), Mathf.Min(Height, room.y)));
            _gui.Label("●  " + text.Link, _gui.Body, Palette.OfLink(feed ? feed.Link : LinkState.Off));
            if (text.Reason.Length > 0) _gui.Label(text.Reason, _gui.Small, Palette.Muted);
            _gui.BeginScroll();
            Pad(feed);
            for (int i = 0; i < Indices.Length; i++) Index(feed, Indices[i], Indices[i] + (AffectEntry.StressSd - AffectEntry.Stress), Tones[i]);
            Index(feed, AffectEntry.Confidence, AffectEntry.Confidence, Palette.Text);
            if (text.Emotions.Length > 0) _gui.Label(text.Emotions, _gui.Small, Palette.Text);
            _gui.Label(text.Body, _gui.Small, Palette.Muted);
            foreach (string line in text.Modalities) _gui.Label(line, _gui.Small, Palette.Text);
            if (text.Why.Length > 0) _gui.Label(text.Why, _gui.Small, Palette.Text);
            if (text.Capture.Length > 0) _gui.Label(text.Capture, _gui.Small, Palette.Amber);
            _gui.Label(text.Times, _gui.Small, Palette.Muted);
            _gui.EndScroll();
            _gui.End();
        }

        // Valence to the right, arousal up; the box is one standard deviation each way.
        private void Pad(SentioFeed feed)
        {
            Rect all = GUILayoutUtility.GetRect(PadSize, PadSize);
            all = new Rect(all.x, all.y, PadSize, PadSize);
            Gui.Fill(all, Palette.Raised);
            Gui.Fill(new Rect(all.x + PadSize / 2, all.y, 1, PadSize), Palette.Line);
            Gui.Fill(new Rect(all.x, all.y + PadSize / 2, PadSize, 1), Palette.Line);
            float valence = Of(feed, AffectEntry.Valence), arousal = Of(feed, AffectEntry.Arousal);
            if (float.IsNaN(valence) || float.IsNaN(arousal)) return;
            float x = all.x + PadSize * (0.5f + 0.5f * valence), y = all.y + PadSize * (0.5f - 0.5f * arousal);
            float wide = Half(feed, AffectEntry.ValenceSd), high = Half(feed, AffectEntry.ArousalSd);
            float left = Mathf.Max(x - wide, all.x), top = Mathf.Max(y - high, all.y);
            float right = Mathf.Min(x + wide, all.xMax), bottom = Mathf.Min(y + high, all.yMax);
            Gui.Fill(new Rect(left, top, right - left, bottom - top), new Color(Palette.Teal.r, Palette.Teal.g, Palette.Teal.b, 0.25f));
            Gui.Fill(new Rect(x - 3, y - 3, 6, 6), Palette.Teal);
        }

        private void Index(SentioFeed feed, AffectEntry entry, AffectEntry deviation, Color tone)
        {
            float value = Of(feed, entry), sd = deviation == entry ? 0 : Of(feed, deviation);
            _gui.Label(AffectNames.Of(entry) + (float.IsNaN(value) ? ": unknown" : ""), _gui.Small, Palette.Text);
            Rect bar = GUILayoutUtility.GetRect(1f, Meter, GUILayout.ExpandWidth(true));
            Gui.Fill(bar, Palette.Raised);
            if (float.IsNaN(value)) return;
            Gui.Fill(new Rect(bar.x, bar.y, bar.width * Mathf.Clamp01(value), bar.height), tone);
            if (float.IsNaN(sd) || sd <= 0) return;
            float low = Mathf.Clamp01(value - sd), high = Mathf.Clamp01(value + sd);
            Gui.Fill(new Rect(bar.x + bar.width * low, bar.y + bar.height / 2 - 1, bar.width * (high - low), 2), Palette.Text);
        }

        private static float Of(SentioFeed feed, AffectEntry entry)
        {
            return feed && feed.Link == LinkState.Live && feed.Latest != null ? feed.Latest.Value(entry) : float.NaN;
        }

        private static float Half(SentioFeed feed, AffectEntry sd)
        {
            float value = Of(feed, sd);
            return float.IsNaN(value) ? 0 : 0.5f * PadSize * value;
        }
    }
}
