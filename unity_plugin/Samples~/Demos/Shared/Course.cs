using System;
using System.Collections.Generic;

namespace Sentio.Demos
{
    /// <summary>The course of one round for the page after it: the player's arousal within their own range, what the
    /// game did, and its events. It is kept in memory only.</summary>
    public sealed class Course
    {
        /// <summary>Seconds between two samples.</summary>
        public const float Step = 0.5f;

        private const int Most = 7200;
        private const int FewestForAgreement = 20;
        private const float LeastConfidence = 0.02f;

        private readonly List<float> _times = new List<float>();
        private readonly List<float> _levels = new List<float>();
        private readonly List<float> _demands = new List<float>();
        private readonly List<KeyValuePair<float, string>> _events = new List<KeyValuePair<float, string>>();
        private float _clock, _due;

        /// <summary>Seconds since the round began, for each sample.</summary>
        public IList<float> Times { get { return _times; } }

        /// <summary>The player's own level, 0..1; NaN where it was unknown.</summary>
        public IList<float> Levels { get { return _levels; } }

        /// <summary>What the game did, 0..1.</summary>
        public IList<float> Demands { get { return _demands; } }

        /// <summary>Events: seconds and plain words.</summary>
        public IList<KeyValuePair<float, string>> Events { get { return _events; } }

        /// <summary>Restarts it.</summary>
        public void Begin()
        {
            _times.Clear();
            _levels.Clear();
            _demands.Clear();
            _events.Clear();
            _clock = _due = 0;
        }

        /// <summary>Advances by some seconds with a feed's newest state and the game's demand.</summary>
        public void Advance(float seconds, SentioFeed feed, float demand)
        {
            _clock += seconds;
            if (_clock < _due || _times.Count >= Most) return;
            _due = _clock + Step;
            bool known = feed && feed.EffectiveConfidence(AffectEntry.ArousalLevel) >= LeastConfidence;
            _times.Add(_clock);
            _levels.Add(known ? feed.EffectiveValue(AffectEntry.ArousalLevel) : float.NaN);
            _demands.Add(demand);
        }

        /// <summary>Notes an event now, in plain words.</summary>
        public void Note(string words) { _events.Add(new KeyValuePair<float, string>(_clock, words)); }

        /// <summary>How the player's level and the game's demand went together, -1..1; NaN with under 20 known
        /// samples, or if one did not vary.</summary>
        public float Agreement()
        {
            int n = 0;
            double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
            for (int i = 0; i < _levels.Count; i++)
            {
                double level = _levels[i], demand = _demands[i];
                if (double.IsNaN(level)) continue;
                n++;
                x += level;
                y += demand;
                xx += level * level;
                yy += demand * demand;
                xy += level * demand;
            }
            double spread = (n * xx - x * x) * (n * yy - y * y);
            return n >= FewestForAgreement && spread > 1e-9 ? (float)((n * xy - x * y) / Math.Sqrt(spread)) : float.NaN;
        }
    }
}
