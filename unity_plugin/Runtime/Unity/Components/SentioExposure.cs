using System;
using System.Collections.Generic;
using System.Globalization;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>One move of a <see cref="SentioExposure"/>.</summary>
    public sealed class ExposureMove
    {
        internal ExposureMove(double seconds, int step, string by, string why)
        {
            Seconds = seconds;
            Step = step;
            By = by;
            Why = why;
        }

        /// <summary>Seconds since the start.</summary>
        public double Seconds { get; private set; }

        /// <summary>The step that was entered.</summary>
        public int Step { get; private set; }

        /// <summary>Who moved it; <see cref="SentioExposure.Programme"/> for the programme.</summary>
        public string By { get; private set; }

        /// <summary>Why.</summary>
        public string Why { get; private set; }
    }

    /// <summary>Graded exposure: steps that a helper can hold, step back and end at any time.</summary>
    /// <remarks>With <see cref="Adapt"/> on, the programme goes one step further after the player was calm for a while,
    /// and one step back after tension; unknown affect never goes further. <see cref="Hold"/>, <see cref="StepBack"/> and
    /// <see cref="Finish"/> always work at once. Every move is in <see cref="Moves"/>, and is reported, with its
    /// author.</remarks>
    [AddComponentMenu("Sentio/Sentio Exposure")]
    public sealed class SentioExposure : MonoBehaviour
    {
        /// <summary>Author of the moves that the programme makes.</summary>
        public const string Programme = "programme";

        private const int MostMoves = 1000;

        [SerializeField, Tooltip("Whether the programme moves by affect; if not, only people move it.")]
        private bool adapt = true;

        [SerializeField, Tooltip("The affect source; empty uses a parent's feed, or any in the scenes.")]
        private SentioFeed source;

        [SerializeField, Tooltip("The entry that is followed.")]
        private AffectEntry entry = AffectEntry.StressLevel;

        [SerializeField, Range(1, 100), Tooltip("Number of the last step; 0 is the ground.")]
        private int steps = 8;

        [SerializeField, Range(0f, 1f), Tooltip("Calm is at most this.")]
        private float calmBelow = 0.5f;

        [SerializeField, Range(0f, 1f), Tooltip("Tense is at least this.")]
        private float tenseAbove = 0.85f;

        [SerializeField, Range(1f, 300f), Tooltip("Seconds of calm after which the programme goes further.")]
        private float calmSeconds = 12f;

        [SerializeField, Range(1f, 120f), Tooltip("Seconds of tension after which it goes back.")]
        private float tenseSeconds = 6f;

        [SerializeField, Range(1f, 600f), Tooltip("Shortest time on a step before the programme goes further.")]
        private float leastSeconds = 20f;

        [SerializeField, Range(0f, 1f), Tooltip("Share of the height that tension takes back at once.")]
        private float relief;

        [SerializeField, Range(0f, 1f), Tooltip("Smallest confidence of the entry at which it is used.")]
        private float threshold = EntryConfidence.Least;

        [SerializeField, Range(0.01f, 2f), Tooltip("Largest speed of the height, steps per second.")]
        private float speed = 0.2f;

        [SerializeField, Tooltip("Name in reports and recordings.")]
        private string what = "exposure";

        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private readonly List<ExposureMove> _moves = new List<ExposureMove>();
        private double _clock, _onStep, _calm, _tense;
        private float _tension;

        /// <summary>A step was entered; the text is who moved it.</summary>
        public event Action<int, string> Moved;

        /// <summary>It was held or continues; the text is by whom.</summary>
        public event Action<bool, string> HeldChanged;

        /// <summary>It is over: the scene leads back to the ground; the text is by whom.</summary>
        public event Action<string> Ended;

        /// <summary>Whether the programme moves by affect.</summary>
        public bool Adapt { get { return adapt; } set { adapt = value; } }

        /// <summary>The affect source; null uses a parent's feed, or any in the scenes.</summary>
        public SentioFeed Source { get { return source; } set { source = value; } }

        /// <summary>The entry that is followed.</summary>
        public AffectEntry Entry { get { return entry; } set { entry = value; } }

        /// <summary>Number of the last step; 0 is the ground.</summary>
        public int Steps { get { return steps; } set { steps = Math.Max(1, value); } }

        /// <summary>Calm is at most this.</summary>
        public float CalmBelow { get { return calmBelow; } set { calmBelow = value; } }

        /// <summary>Tense is at least this.</summary>
        public float TenseAbove { get { return tenseAbove; } set { tenseAbove = value; } }

        /// <summary>Seconds of calm after which the programme goes further.</summary>
        public float CalmSeconds { get { return calmSeconds; } set { calmSeconds = value; } }

        /// <summary>Seconds of tension after which it goes back.</summary>
        public float TenseSeconds { get { return tenseSeconds; } set { tenseSeconds = value; } }

        /// <summary>Shortest time on a step before the programme goes further, seconds.</summary>
        public float LeastSeconds { get { return leastSeconds; } set { leastSeconds = value; } }

        /// <summary>Share of the height that tension takes back at once, before a step is taken back: all of it at
        /// <see cref="TenseAbove"/>, none at <see cref="CalmBelow"/>. 0 leaves it to the steps.</summary>
        public float Relief { get { return relief; } set { relief = Mathf.Clamp01(value); } }

        /// <summary>Smallest confidence of the entry at which it is used.</summary>
        public float Threshold { get { return threshold; } set { threshold = value; } }

        /// <summary>Largest speed of <see cref="Height"/>, steps per second.</summary>
        public float Speed { get { return speed; } set { speed = value; } }

        /// <summary>Name in reports and recordings.</summary>
        public string What { get { return what; } set { what = value ?? ""; } }

        /// <summary>The current step.</summary>
        public int Step { get; private set; }

        /// <summary>Whether it is held.</summary>
        public bool Held { get; private set; }

        /// <summary>Whether it is over.</summary>
        public bool Finished { get; private set; }

        /// <summary>Whether the entry is followed or why not, in one line.</summary>
        public string Status
        {
            get
            {
                if (Finished) return "finished: on the way to the ground";
                if (Held) return "held at step " + Step;
                if (!adapt) return "adaptation is off";
                string waits = FeedFinder<SentioFeed>.WaitsFor(_finder.Of(source, this, 0), entry, threshold);
                return waits.Length > 0 ? waits : "following " + AffectNames.Of(entry);
            }
        }

        /// <summary>The former name of <see cref="Finished"/>; to be removed in the next version.</summary>
        [Obsolete("use Finished")]
        public bool Over { get { return Finished; } }

        /// <summary>Where the scene is between the steps, eased: the game moves by this.</summary>
        public float Height { get; private set; }

        /// <summary>Every move, the oldest first.</summary>
        public IList<ExposureMove> Moves { get { return _moves; } }

        /// <summary>Advances by some real seconds; called by <c>Update</c>.</summary>
        public void Advance(float seconds)
        {
            double time = Elapsed.Of(seconds);
            _clock += time;
            _onStep += time;
            SentioFeed feed = _finder.Of(source, this, seconds);
            if (!Finished && !Held) FollowAffect(adapt ? feed : null, time);
            else _calm = _tense = 0;
            float most = (float)(speed * time), wanted = Step * (1 - relief * _tension);
            Height = Mathf.Clamp(wanted, Height - most, Height + most);
        }

        /// <summary>Holds it where it is.</summary>
        public void Hold(string by)
        {
            if (Held || Finished) return;
            Held = true;
            Note(by, "held");
            if (HeldChanged != null) HeldChanged(true, by);
        }

        /// <summary>Continues after <see cref="Hold"/>.</summary>
        public void Resume(string by)
        {
            if (!Held || Finished) return;
            Held = false;
            Note(by, "continues");
            if (HeldChanged != null) HeldChanged(false, by);
        }

        /// <summary>Goes one step further, also while it is held.</summary>
        public void StepForward(string by) { if (!Finished && Step < steps) Enter(Step + 1, by, "further"); }

        /// <summary>Goes one step back, also while it is held.</summary>
        public void StepBack(string by) { if (!Finished && Step > 0) Enter(Step - 1, by, "back"); }

        /// <summary>Ends it: back to the ground.</summary>
        public void Finish(string by)
        {
            if (Finished) return;
            Finished = true;
            Enter(0, by, "ended");
            if (Ended != null) Ended(by);
        }

        /// <summary>Starts again from the ground.</summary>
        public void Restart()
        {
            Finished = Held = false;
            Step = 0;
            _moves.Clear();
            _clock = _onStep = 0;
        }

        private void Update() { Advance(Time.unscaledDeltaTime); }

        // 0 at calm, 1 at tense, eased between.
        private float Tension(float value)
        {
            float share = Mathf.Clamp01((value - calmBelow) / Mathf.Max(tenseAbove - calmBelow, 1e-3f));
            return share * share * (3 - 2 * share);
        }

        private void FollowAffect(SentioFeed feed, double time)
        {
            float value = feed && feed.EffectiveConfidence(entry) >= threshold ? feed.EffectiveValue(entry) : float.NaN;
            // An estimate fluctuates: a short excursion takes back as much as it lasted, not everything.
            _calm = Elapsed.Clamp(_calm + (value <= calmBelow ? time : -time), 0, calmSeconds);
            _tense = Elapsed.Clamp(_tense + (value >= tenseAbove ? time : -time), 0, tenseSeconds);
            if (!float.IsNaN(value)) _tension = Tension(value);
            else if (!adapt) _tension = 0;
            if (_tense >= tenseSeconds && Step > 0) Enter(Step - 1, Programme, Because("above", tenseAbove, tenseSeconds));
            else if (_calm >= calmSeconds && _onStep >= leastSeconds && Step < steps)
                Enter(Step + 1, Programme, Because("below", calmBelow, calmSeconds));
        }

        private string Because(string side, float level, float seconds)
        {
            return string.Format(CultureInfo.InvariantCulture, "{0} {1} {2:0.00} for {3:0} s", AffectNames.Of(entry), side, level, seconds);
        }

        private void Enter(int next, string by, string why)
        {
            Step = next;
            _onStep = _calm = _tense = 0;
            Note(by, why);
            if (Moved != null) Moved(Step, by);
        }

        private void Note(string by, string why)
        {
            _moves.Add(new ExposureMove(Math.Round(_clock, 1), Step, by, why));
            if (_moves.Count > MostMoves) _moves.RemoveAt(0);
            SentioFeed feed = _finder.Of(source, this, 0);
            if (!feed) return;
            string line = string.Format(CultureInfo.InvariantCulture, "step {0}, {1}", Step, why);
            feed.Report(new SentioAdaptation(what, (double)Step / steps, line).Authored(by == Programme ? "" : by));
            feed.Mark(what, new Dictionary<string, object> { { "step", Step }, { "by", by }, { "why", why } });
        }
    }
}
