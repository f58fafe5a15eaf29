using System;
using System.Collections.Generic;
using System.Globalization;
using UnityEngine;
using UnityEngine.Serialization;

namespace Sentio
{
    /// <summary>Plain words for the name of something that adapts.</summary>
    [Serializable]
    public struct SentioWords
    {
        /// <summary>The name in reports, such as demand.</summary>
        public string What;

        /// <summary>What players read, such as the pace of the shades.</summary>
        public string Words;
    }

    /// <summary>Shows players one line: what the game adapts now, and why; switchable.</summary>
    /// <remarks>It names causes in plain words and no numbers.</remarks>
    [AddComponentMenu("Sentio/Sentio Why")]
    public sealed class SentioWhy : MonoBehaviour
    {
        private const float Width = 480f;
        private const float Margin = 16f;
        private const float Stays = 6f;
        private const float Low = 0.4f;
        private const float High = 0.6f;

        private static readonly string[] Causes =
        {
            "safe_stop", "stopped",
            "session_over", "the session is over",
            "frozen", "held still",
            "adaptation", "adaptation is off",
            "no state", "no signal, the usual course",
            "unknown", "not sure, the usual course",
            "confidence", "not sure, the usual course",
            "heart_rate", "because of your heart",
            "breathing_rate", "because of your breath",
        };

        // Entry, words, and words for a low and a high level of the player's own range.
        private static readonly string[] Levels =
        {
            "arousal", "because of how stirred up you seem", "you seem calm", "you seem stirred up",
            "stress", "because of how tense you seem", "you seem at ease", "you seem tense",
            "engagement", "because of how engaged you seem", "you seem bored", "you seem engaged",
            "focus", "because of how focused you seem", "you seem distracted", "you seem focused",
        };

        [SerializeField, Tooltip("The affect source; empty uses a parent's feed, or any in the scenes.")]
        private SentioFeed source;

        [SerializeField, FormerlySerializedAs("on"), Tooltip("Whether the line is shown; bind it to a setting of the game.")]
        private bool showLine = true;

        [SerializeField, Tooltip("Plain words for the names of what adapts.")]
        private SentioWords[] words = new SentioWords[0];

        [SerializeField, FormerlySerializedAs("leftOut"), Tooltip("What adapts and is not shown, because it changes all the time.")]
        private string[] excluded = new string[0];

        [SerializeField, Tooltip("Draws the line on the screen; turn it off if the game or a panel in the world shows it.")]
        private bool showPanel = true;

        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private readonly Dictionary<string, double> _before = new Dictionary<string, double>();
        private readonly Gui _gui = new Gui();
        private SentioFeed _feed;
        private float _left;
        private int _direction;

        /// <summary>The affect source; null uses a parent's feed, or any in the scenes.</summary>
        public SentioFeed Source { get { return source; } set { source = value; } }

        /// <summary>Whether the line is shown.</summary>
        public bool ShowLine { get { return showLine; } set { showLine = value; } }

        /// <summary>The former name of <see cref="ShowLine"/>; to be removed in the next version.</summary>
        [Obsolete("use ShowLine")]
        public bool On { get { return ShowLine; } set { ShowLine = value; } }

        /// <summary>Plain words for the names of what adapts.</summary>
        public SentioWords[] Words { get { return words; } set { words = value; } }

        /// <summary>What adapts and is not shown.</summary>
        public string[] Excluded { get { return excluded; } set { excluded = value; } }

        /// <summary>The former name of <see cref="Excluded"/>; to be removed in the next version.</summary>
        [Obsolete("use Excluded")]
        public string[] LeftOut { get { return Excluded; } set { Excluded = value; } }

        /// <summary>Whether the line is drawn on the screen.</summary>
        public bool ShowPanel { get { return showPanel; } set { showPanel = value; } }

        /// <summary>The line, empty before the first change.</summary>
        public string Line { get; private set; } = "";

        /// <summary>Whether a line is shown now.</summary>
        public bool Shown { get { return showLine && _left > 0 && Line.Length > 0; } }

        /// <summary>Advances by some seconds; called by <c>Update</c>.</summary>
        public void Advance(float seconds)
        {
            SentioFeed found = _finder.Of(source, this, seconds);
            if (!ReferenceEquals(found, _feed)) Follow(found);
            _left = Mathf.Max(0f, _left - seconds);
            useGUILayout = Shown && showPanel;
        }

        /// <summary>The line of an adaptation for players; direction is the sign of its change since the last one.</summary>
        public string Describe(SentioAdaptation adaptation, int direction = 0)
        {
            // A binding without a name reports its object and entry: players read the object.
            string name = adaptation.What.Split(':')[0];
            foreach (SentioWords one in words) if (one.What == adaptation.What) name = one.Words;
            return name + ": " + Cause(adaptation, direction);
        }

        /// <summary>The former name of <see cref="Describe"/>; to be removed in the next version.</summary>
        [Obsolete("use Describe")]
        public string Told(SentioAdaptation adaptation) { return Describe(adaptation); }

        /// <summary>The cause of an adaptation in plain words. A director's rise at a high level, or fall at a low one,
        /// comes from its pacing too: then the words name no direction.</summary>
        public static string Cause(SentioAdaptation adaptation, int direction = 0)
        {
            if (adaptation.By.Length > 0) return adaptation.Why + " by " + adaptation.By;
            for (int i = 0; i < Causes.Length; i += 2)
                if (adaptation.Why.IndexOf(Causes[i], StringComparison.Ordinal) >= 0) return Causes[i + 1];
            for (int i = 0; i < Levels.Length; i += 4)
            {
                if (adaptation.Why.IndexOf(Levels[i], StringComparison.Ordinal) < 0) continue;
                float level = Level(adaptation.Why, Levels[i] + "_level ");
                bool targeted = adaptation.Why.IndexOf(" for ", StringComparison.Ordinal) >= 0;
                bool low = level <= Low && !(targeted && direction < 0);
                bool high = level >= High && !(targeted && direction > 0);
                return Levels[i + (low ? 2 : high ? 3 : 1)];
            }
            return adaptation.Why;
        }

        // The value after a name in a reason such as "arousal_level 0.24 for 0.60"; NaN if it has none.
        private static float Level(string why, string name)
        {
            int at = why.IndexOf(name, StringComparison.Ordinal);
            if (at < 0) return float.NaN;
            string word = why.Substring(at + name.Length).Split(' ')[0].TrimEnd(',');
            float value;
            return float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out value) ? value : float.NaN;
        }

        private void Update() { Advance(Time.unscaledDeltaTime); }

        private void OnDisable() { Follow(null); }

        private void Follow(SentioFeed found)
        {
            if (_feed) _feed.Adapted -= Take;
            _feed = found;
            if (_feed) _feed.Adapted += Take;
        }

        private void Take(SentioAdaptation adaptation)
        {
            if (Array.IndexOf(excluded, adaptation.What) >= 0) return;
            double before;
            if (!_before.TryGetValue(adaptation.What, out before)) before = adaptation.Value;
            _before[adaptation.What] = adaptation.Value;
            _direction = Math.Sign(Math.Round(adaptation.Value - before, 3));
            Line = Describe(adaptation, _direction);
            _left = Stays;
        }

        private void OnGUI()
        {
            if (!Shown || !showPanel) return;
            Vector2 screen = Gui.Screen;
            string text = (_direction > 0 ? "up    " : _direction < 0 ? "down    " : "") + Line;
            float width = Mathf.Min(Width, screen.x - 2 * Margin), height = _gui.HeightAround(text, width);
            _gui.Begin(new Rect((screen.x - width) / 2, screen.y - height - Margin, width, height));
            _gui.Label(text, _gui.Body, Palette.Text);
            _gui.End();
        }
    }
}
