using System;
using Sentio.Behaviour;
using UnityEngine;
using UnityEngine.Serialization;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>A UnityEvent with a stage of the breath.</summary>
    [Serializable]
    public sealed class BreathStageEvent : UnityEvent<BreathStage> { }

    /// <summary>Paces a person's breathing and measures the coherence of heart and breath.</summary>
    /// <remarks>Animate something with <see cref="Volume"/>. Works without a sensor; <see cref="Coherence"/>
    /// is then unknown (NaN). Uses real time, independent of the time scale.</remarks>
    [AddComponentMenu("Sentio/Sentio Breathing")]
    public sealed class SentioBreathing : MonoBehaviour
    {
        private const double FastestStart = 20.0;

        [SerializeField, Tooltip("Whether the pace is running.")]
        private bool running = true;

        [SerializeField, Tooltip("The source of the heart rate; empty uses a parent's feed, or any in the scenes.")]
        private SentioFeed source;

        [Header("Breath")]
        [SerializeField, Range(0f, 20f), Tooltip("Share of a breath, in any unit.")]
        private float inhale = 4f;

        [SerializeField, Range(0f, 20f)]
        private float hold;

        [SerializeField, Range(0f, 20f)]
        private float exhale = 6f;

        [SerializeField, Range(0f, 20f)]
        private float rest;

        [SerializeField, Range(3f, 30f), Tooltip("Breaths a minute at the beginning.")]
        private float startRate = 10f;

        [SerializeField, FormerlySerializedAs("startWhereTheyAre"), Tooltip("Starts at the person's own rate if it is known.")]
        private bool startAtMeasuredRate = true;

        [SerializeField, Range(3f, 30f), Tooltip("Target breathing rate per minute; most hearts resonate near 6.")]
        private float targetRate = 6f;

        [SerializeField, Range(0f, 600f), Tooltip("Seconds from the start rate to the target rate.")]
        private float ramp = 60f;

        [Header("Confidence")]
        [SerializeField, Range(0f, 1f), Tooltip("Smallest confidence of heart rate and breathing rate at which they are used.")]
        private float threshold = 0.1f;

        [Header("Coherence")]
        [SerializeField, Range(20f, 120f), Tooltip("Length of the window in seconds.")]
        private float window = 40f;

        [Header("Events")]
        [SerializeField, Tooltip("Target lung volume, 0 to 1, in each frame.")]
        private NumberEvent onVolume = new NumberEvent();

        [SerializeField, Tooltip("The stage of the breath has changed.")]
        private BreathStageEvent onStage = new BreathStageEvent();

        [SerializeField, Tooltip("Coherence, 0 to 1; raised while it is known.")]
        private NumberEvent onCoherence = new NumberEvent();

        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private BreathingPace _pace;
        private Behaviour.Coherence _heart;

        /// <summary>The stage of the breath has changed.</summary>
        public event Action<BreathStage> StageChanged;

        /// <summary>A breath ended; the number so far.</summary>
        public event Action<int> BreathFinished;

        /// <summary>The coherence changed: 0..1, or NaN if unknown.</summary>
        public event Action<float> CoherenceChanged;

        /// <summary>Whether the pace is running.</summary>
        public bool Running { get { return running; } set { running = value; } }

        /// <summary>The source of the heart rate; null uses a parent's feed, or any in the scenes.</summary>
        public SentioFeed Source { get { return source; } set { source = value; } }

        /// <summary>Breaths a minute at the beginning; for the next <see cref="Restart"/>.</summary>
        public float StartRate { get { return startRate; } set { startRate = value; } }

        /// <summary>Whether it starts at the person's own rate if it is known.</summary>
        public bool StartAtMeasuredRate { get { return startAtMeasuredRate; } set { startAtMeasuredRate = value; } }

        /// <summary>The former name of <see cref="StartAtMeasuredRate"/>; to be removed in the next version.</summary>
        [Obsolete("use StartAtMeasuredRate")]
        public bool StartWhereTheyAre { get { return StartAtMeasuredRate; } set { StartAtMeasuredRate = value; } }

        /// <summary>Target breathing rate per minute; for the next <see cref="Restart"/>.</summary>
        public float TargetRate { get { return targetRate; } set { targetRate = value; } }

        /// <summary>Seconds from the start rate to the target rate; for the next <see cref="Restart"/>.</summary>
        public float Ramp { get { return ramp; } set { ramp = value; } }

        /// <summary>Length of the window in seconds; for the next <see cref="Restart"/>.</summary>
        public float Window { get { return window; } set { window = value; } }

        /// <summary>Smallest confidence of heart rate and breathing rate at which they are used.</summary>
        public float Threshold { get { return threshold; } set { threshold = value; } }

        /// <summary>Whether the heart rate is followed or why not, in one line; the pace needs none.</summary>
        public string Status
        {
            get
            {
                string waits = FeedFinder<SentioFeed>.WaitsFor(_finder.Of(source, this, 0), AffectEntry.HeartRate, threshold);
                return waits.Length > 0 ? waits : "following " + AffectNames.Of(AffectEntry.HeartRate);
            }
        }

        /// <summary>The inspector's event of the volume.</summary>
        public NumberEvent OnVolume { get { return onVolume; } }

        /// <summary>The inspector's event of a new stage.</summary>
        public BreathStageEvent OnStage { get { return onStage; } }

        /// <summary>The inspector's event of the coherence.</summary>
        public NumberEvent OnCoherence { get { return onCoherence; } }

        /// <summary>Target lung volume, 0..1.</summary>
        public float Volume { get; private set; }

        /// <summary>Phase of the breath, 0..1.</summary>
        public float Phase { get; private set; }

        /// <summary>Breaths a minute now; NaN before the first step.</summary>
        public float Rate { get; private set; } = float.NaN;

        /// <summary>Current stage of the breath.</summary>
        public BreathStage Stage { get; private set; }

        /// <summary>Coherence, 0..1; NaN before two breaths with a known heart rate.</summary>
        public float Coherence { get; private set; } = float.NaN;

        /// <summary>Number of completed breaths.</summary>
        public int Breaths { get; private set; }

        /// <summary>What is wrong with the settings; empty if nothing is.</summary>
        public string Problem
        {
            get { return inhale + hold + exhale + rest > 0 ? "" : "Inhale and exhale are 0: set a length."; }
        }

        /// <summary>Sets the shares of a breath, in any unit, and restarts.</summary>
        public void SetStages(float inhaled, float held, float exhaled, float rested)
        {
            inhale = inhaled;
            hold = held;
            exhale = exhaled;
            rest = rested;
            Restart();
        }

        /// <summary>The former name of <see cref="SetStages"/>; to be removed in the next version.</summary>
        [Obsolete("use SetStages")]
        public void Shape(float inhaled, float held, float exhaled, float rested) { SetStages(inhaled, held, exhaled, rested); }

        /// <summary>Restarts, at the person's own rate if that is enabled and known.</summary>
        public void Restart() { StartAt(_finder.Of(source, this, 0)); }

        /// <summary>Advances by some seconds; called by <c>Update</c>.</summary>
        public void Advance(float seconds)
        {
            SentioFeed feed = _finder.Of(source, this, seconds);
            if (_pace == null) StartAt(feed);
            if (!running) return;
            double before = _pace.Phase;
            Volume = (float)_pace.Step(seconds);
            Phase = (float)_pace.Phase;
            Rate = (float)_pace.Rate;
            onVolume.Invoke(Volume);
            if (_pace.Phase < before)
            {
                Breaths++;
                if (BreathFinished != null) BreathFinished(Breaths);
            }
            if (_pace.Stage != Stage)
            {
                Stage = _pace.Stage;
                if (StageChanged != null) StageChanged(Stage);
                onStage.Invoke(Stage);
            }
            Follow(seconds, Known(feed, AffectEntry.HeartRate));
        }

        private void Update() { Advance(Time.unscaledDeltaTime); }

        // A measurement that is relied on; NaN otherwise.
        private float Known(SentioFeed feed, AffectEntry entry)
        {
            return feed && feed.EffectiveConfidence(entry) >= threshold ? feed.FreshValue(entry) : float.NaN;
        }

        private void Follow(float seconds, float beats)
        {
            var now = (float)_heart.Step(seconds, _pace.Phase, beats);
            if (now.Equals(Coherence)) return;
            Coherence = now;
            if (CoherenceChanged != null) CoherenceChanged(now);
            if (!float.IsNaN(now)) onCoherence.Invoke(now);
        }

        private void StartAt(SentioFeed feed)
        {
            _pace = new BreathingPace
            {
                Inhale = inhale,
                Hold = hold,
                Exhale = exhale,
                Rest = rest,
                Start = startRate,
                Target = targetRate,
                Ramp = ramp,
            };
            _heart = new Behaviour.Coherence(window);
            Breaths = 0;
            Coherence = float.NaN;
            float own = startAtMeasuredRate ? Known(feed, AffectEntry.BreathingRate) : float.NaN;
            // Not faster than a resting rate, and not slower than the target.
            if (!float.IsNaN(own)) _pace.Start = Elapsed.Clamp(own, Math.Min(targetRate, FastestStart), FastestStart);
        }
    }
}
