using System;
using Sentio.Behaviour;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>A UnityEvent with a stage of the breath.</summary>
    [Serializable]
    public sealed class BreathStageEvent : UnityEvent<BreathStage> { }

    /// <summary>Leads a person's breath, and tells how far their heart follows it.</summary>
    /// <remarks>Let something grow and shrink with <see cref="Volume"/>. It works without a sensor: then only
    /// <see cref="Coherence"/> stays unknown (NaN). Time is real time: lungs know no slow motion.</remarks>
    [AddComponentMenu("Sentio/Sentio Breathing")]
    public sealed class SentioBreathing : MonoBehaviour
    {
        private const double FastestStart = 20.0;

        [SerializeField, Tooltip("Whether the pace goes on.")]
        private bool running = true;

        [SerializeField, Tooltip("Where the heart rate comes from; empty takes the feed above this, or any in the scenes.")]
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

        [SerializeField, Tooltip("Begins at the person's own rate where it is known.")]
        private bool startWhereTheyAre = true;

        [SerializeField, Range(3f, 30f), Tooltip("Breaths a minute in the end: near 6 most hearts resonate.")]
        private float targetRate = 6f;

        [SerializeField, Range(0f, 600f), Tooltip("Seconds from one to the other.")]
        private float ramp = 60f;

        [Header("Coherence")]
        [SerializeField, Range(20f, 120f), Tooltip("Seconds that are looked back on.")]
        private float window = 40f;

        [Header("What is told")]
        [SerializeField, Tooltip("How full the lungs should be, 0 to 1, in each frame.")]
        private NumberEvent onVolume = new NumberEvent();

        [SerializeField, Tooltip("What the lungs should do has changed.")]
        private BreathStageEvent onStage = new BreathStageEvent();

        [SerializeField, Tooltip("How far the heart follows, 0 to 1; told while it is known.")]
        private NumberEvent onCoherence = new NumberEvent();

        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private BreathingPace _pace;
        private Behaviour.Coherence _heart;

        /// <summary>What the lungs should do has changed.</summary>
        public event Action<BreathStage> StageChanged;

        /// <summary>A breath was finished; so many of them so far.</summary>
        public event Action<int> BreathFinished;

        /// <summary>The heart follows by so much, 0..1, or NaN where it is not known any more.</summary>
        public event Action<float> CoherenceChanged;

        /// <summary>Whether the pace goes on.</summary>
        public bool Running { get { return running; } set { running = value; } }

        /// <summary>Where the heart rate comes from; null takes the feed above this, or any in the scenes.</summary>
        public SentioFeed Source { get { return source; } set { source = value; } }

        /// <summary>Breaths a minute at the beginning; for the next <see cref="Restart"/>.</summary>
        public float StartRate { get { return startRate; } set { startRate = value; } }

        /// <summary>Whether it begins at the person's own rate where it is known.</summary>
        public bool StartWhereTheyAre { get { return startWhereTheyAre; } set { startWhereTheyAre = value; } }

        /// <summary>Breaths a minute in the end; for the next <see cref="Restart"/>.</summary>
        public float TargetRate { get { return targetRate; } set { targetRate = value; } }

        /// <summary>Seconds from one rate to the other; for the next <see cref="Restart"/>.</summary>
        public float Ramp { get { return ramp; } set { ramp = value; } }

        /// <summary>Seconds that are looked back on; for the next <see cref="Restart"/>.</summary>
        public float Window { get { return window; } set { window = value; } }

        /// <summary>The inspector's event of the volume.</summary>
        public NumberEvent OnVolume { get { return onVolume; } }

        /// <summary>The inspector's event of a new stage.</summary>
        public BreathStageEvent OnStage { get { return onStage; } }

        /// <summary>The inspector's event of the coherence.</summary>
        public NumberEvent OnCoherence { get { return onCoherence; } }

        /// <summary>How full the lungs should be, 0..1.</summary>
        public float Volume { get; private set; }

        /// <summary>Where in the breath, 0..1.</summary>
        public float Phase { get; private set; }

        /// <summary>Breaths a minute now; NaN before the first step.</summary>
        public float Rate { get; private set; } = float.NaN;

        /// <summary>What the lungs should do.</summary>
        public BreathStage Stage { get; private set; }

        /// <summary>How far the heart follows, 0..1; NaN before two breaths with a known heart rate.</summary>
        public float Coherence { get; private set; } = float.NaN;

        /// <summary>Breaths that were finished.</summary>
        public int Breaths { get; private set; }

        /// <summary>What is wrong with the settings, in words; empty where nothing is.</summary>
        public string Problem
        {
            get { return inhale + hold + exhale + rest > 0 ? "" : "Give the breath a length: inhale and exhale are 0."; }
        }

        /// <summary>Sets the shares of a breath, in any unit, and begins anew.</summary>
        public void Shape(float inhaled, float held, float exhaled, float rested)
        {
            inhale = inhaled;
            hold = held;
            exhale = exhaled;
            rest = rested;
            Restart();
        }

        /// <summary>Begins anew, at the person's own rate where that is wanted and known.</summary>
        public void Restart() { StartAt(_finder.Of(source, this, 0)); }

        /// <summary>Lets seconds go by; <c>Update</c> calls it.</summary>
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
            Follow(seconds, feed ? feed.Fresh(AffectEntry.HeartRate) : float.NaN);
        }

        private void Update() { Advance(Time.unscaledDeltaTime); }

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
            float own = startWhereTheyAre && feed ? feed.Fresh(AffectEntry.BreathingRate) : float.NaN;
            // Nobody is led by a pace that is faster than a rest's, or slower than the goal.
            if (!float.IsNaN(own)) _pace.Start = Elapsed.Clamp(own, Math.Min(targetRate, FastestStart), FastestStart);
        }
    }
}
