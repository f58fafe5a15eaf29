using System;

namespace Sentio.Demos
{
    /// <summary>Decides when the next scare comes and how strong it is, by how the player answered the last ones.</summary>
    /// <remarks>A startle makes the next scare later and milder, no answer sooner and stronger. Between them the strength
    /// follows how tense the player is: stronger when calm, milder when tense. With adaptation off, or without answers
    /// and affect, they come evenly.</remarks>
    public sealed class Dread
    {
        /// <summary>Seconds between two scares, at least, at most and in the usual course.</summary>
        public const float Least = 9f, Most = 40f, Usual = 18f;

        /// <summary>Strength in the usual course, and its bounds.</summary>
        public const float UsualStrength = 0.55f, Mildest = 0.2f, Strongest = 1f;

        /// <summary>Change of the strength from a middling arousal to none, and its time constant in seconds.</summary>
        public const float MostLean = 0.4f, LeanSeconds = 2f;

        private float _left = 0.7f * Usual;
        private float _lean;

        /// <summary>A scare is due; its strength is 0..1.</summary>
        public event Action<float> Due;

        /// <summary>Whether answers count.</summary>
        public bool Adapt { get; set; } = true;

        /// <summary>Seconds between two scares now.</summary>
        public float Interval { get; private set; } = Usual;

        /// <summary>Strength by the answers alone, 0..1.</summary>
        public float Strength { get; private set; } = UsualStrength;

        /// <summary>Why it changed last, for the report.</summary>
        public string Why { get; private set; } = "the usual course";

        /// <summary>Strength of a scare at this moment, 0..1.</summary>
        public float Now { get { return Math.Min(Math.Max(Strength + _lean, Mildest), Strongest); } }

        /// <summary>Why a scare would be stronger or milder than the answers alone make it, or
        /// <see cref="Why"/>.</summary>
        public string Reason
        {
            get
            {
                if (Math.Abs(_lean) < 0.1f) return Why;
                return _lean > 0 ? "you seem calm, it tries harder" : "you seem tense, it holds back";
            }
        }

        /// <summary>Advances by some seconds; the level is the player's arousal in their own range, 0..1, or
        /// NaN.</summary>
        public void Advance(float seconds, float level = float.NaN)
        {
            float wanted = Adapt && !float.IsNaN(level) ? MostLean * (1 - 2 * level) : 0;
            _lean += (wanted - _lean) * (1 - (float)Math.Exp(-seconds / LeanSeconds));
            _left -= seconds;
            if (_left > 0) return;
            _left = Interval;
            if (Due != null) Due(Now);
        }

        /// <summary>Takes the answer to a scare; true if it changed what comes.</summary>
        public bool Take(SentioResponse answer)
        {
            if (!Adapt || answer.Phase != ResponsePhase.First) return false;
            bool startled = answer.Startled;
            Interval = Math.Min(Math.Max(Interval * (startled ? 1.4f : 0.8f), Least), Most);
            Strength = Math.Min(Math.Max(Strength + (startled ? -0.15f : 0.12f), Mildest), Strongest);
            if (startled) _left = Math.Max(_left, Interval);
            Why = startled ? "you startled, it lets you breathe" : "nothing startled you, it tries harder";
            return true;
        }
    }
}
