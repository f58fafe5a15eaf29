using System;
using System.Collections.Generic;
using Sentio.Simulation;
using UnityEngine;
using UnityEngine.Serialization;
using Script = Sentio.Simulation.Scenario;

namespace Sentio
{
    /// <summary>Scenario of a simulated person.</summary>
    public enum SimulatedScenario
    {
        /// <summary>The sliders' values.</summary>
        Sliders,

        /// <summary>At rest.</summary>
        Rest,

        /// <summary>Stress that rises, stays and falls.</summary>
        Stress,

        /// <summary>Joy.</summary>
        Joy,

        /// <summary>Boredom.</summary>
        Boredom,

        /// <summary>From stress to calm with slow breathing.</summary>
        Recovery,
    }

    /// <summary>How a simulated person is measured.</summary>
    public enum SimulatedRealism
    {
        /// <summary>With confidences, delays and gaps as a sidecar's sensors have.</summary>
        Real,

        /// <summary>With none of these.</summary>
        Ideal,
    }

    /// <summary>Effect of a marker on a simulated person: steps that fade within some seconds.</summary>
    [Serializable]
    public struct SimulatedReaction
    {
        /// <summary>The marker's name.</summary>
        public string Marker;

        /// <summary>Step of valence.</summary>
        [Range(-1f, 1f)]
        public float Valence;

        /// <summary>Step of arousal.</summary>
        [Range(-1f, 1f)]
        public float Arousal;

        /// <summary>Step of stress.</summary>
        [Range(-1f, 1f)]
        public float Stress;

        /// <summary>A reaction to a marker.</summary>
        public SimulatedReaction(string marker, float valence, float arousal, float stress)
        {
            Marker = marker;
            Valence = valence;
            Arousal = arousal;
            Stress = stress;
        }
    }

    /// <summary>A simulated person, driven by sliders or scenarios, as a feed without a sidecar or sensors.</summary>
    /// <remarks>Raises the same frames and details as <see cref="SentioClient"/>. Markers change the person as set
    /// in <see cref="Reactions"/>.</remarks>
    [AddComponentMenu("Sentio/Sentio Simulator")]
    [DefaultExecutionOrder(-100)]
    public sealed class SentioSimulator : SentioFeed
    {
        private const double DetailSeconds = 0.25;
        private const double EvidenceSeconds = 0.1;
        private const float LongestStep = 0.25f;

        [SerializeField, Tooltip("A scenario, or the sliders.")]
        private SimulatedScenario scenario = SimulatedScenario.Rest;

        [SerializeField, Range(1f, 120f), Tooltip("Frames a second.")]
        private float rateHz = 30f;

        [SerializeField, Tooltip("Real sensors have confidences, delays and gaps as a sidecar's; ideal ones none.")]
        private SimulatedRealism realism = SimulatedRealism.Real;

        [SerializeField, Tooltip("The frames' state; any but Ok makes values unknown or fade.")]
        private AffectState state = AffectState.Ok;

        [SerializeField, Tooltip("Entries of the affect vector that are always unknown.")]
        private AffectEntry[] unknown = new AffectEntry[0];

        [SerializeField, FormerlySerializedAs("seed"), Tooltip("Seed of the random numbers.")]
        private int randomSeed = 1;

        [SerializeField, Range(0f, 1f), Tooltip("Amount of noise.")]
        private float noise = 0.3f;

        [SerializeField, Tooltip("Effects of markers.")]
        private SimulatedReaction[] reactions =
        {
            new SimulatedReaction("wave", -0.05f, 0.25f, 0.15f),
            new SimulatedReaction("boss_spawned", -0.25f, 0.55f, 0.4f),
            new SimulatedReaction("enemy_appeared", -0.25f, 0.6f, 0.4f),
            new SimulatedReaction("player_hurt", -0.35f, 0.35f, 0.3f),
            new SimulatedReaction("enemy_down", 0.02f, 0.015f, -0.005f),
            new SimulatedReaction("pickup", 0.3f, 0.1f, -0.15f),
        };

        [SerializeField, Tooltip("Targets and sensor quality of the scenario Sliders.")]
        private SimulatedSliders sliders = new SimulatedSliders();

        private readonly double[] _wanted = new double[Script.Levels];
        private readonly SimulatedReading _reading = new SimulatedReading();
        private readonly AffectFrame _frame = new AffectFrame();
        private SimulatedPerson _person;
        private SimulatedEvents _reported;
        private double _evidenceAt = double.NegativeInfinity;
        private Script _script;
        private SimulatedScenario _played;
        private double _time, _now, _frameDue, _detailDue, _faded = 1, _born = double.NaN;
        private long _seq, _events;

        /// <summary>The scenario, or the sliders; a new one starts at its beginning.</summary>
        public SimulatedScenario Scenario { get { return scenario; } set { scenario = value; } }

        /// <summary>Frames a second, 1..120.</summary>
        public float RateHz { get { return rateHz; } set { rateHz = value; } }

        /// <summary>Whether sensors are like real ones or ideal.</summary>
        public SimulatedRealism Realism { get { return realism; } set { realism = value; } }

        /// <summary>The frames' state.</summary>
        public AffectState State { get { return state; } set { state = value; } }

        /// <summary>Entries of the affect vector that are always unknown.</summary>
        public AffectEntry[] Unknown { get { return unknown; } set { unknown = value ?? new AffectEntry[0]; } }

        /// <summary>Seed of the random numbers; set before it is enabled.</summary>
        public int RandomSeed { get { return randomSeed; } set { randomSeed = value; } }

        /// <summary>The former name of <see cref="RandomSeed"/>; to be removed in the next version.</summary>
        [Obsolete("use RandomSeed")]
        public int Seed { get { return randomSeed; } set { randomSeed = value; } }

        /// <summary>Amount of noise, 0..1.</summary>
        public float Noise { get { return noise; } set { noise = value; } }

        /// <summary>Effects of markers.</summary>
        public SimulatedReaction[] Reactions { get { return reactions; } set { reactions = value ?? new SimulatedReaction[0]; } }

        /// <summary>Targets of the scenario Sliders, and sensor quality.</summary>
        public SimulatedSliders Sliders { get { return sliders; } set { sliders = value; } }

        /// <summary>Phase of the simulated breath: 0 starts the inhale, 0.5 the exhale.</summary>
        public float BreathPhase { get { return _person == null ? 0f : (float)_person.Breath; } }

        /// <summary>The former name of <see cref="BreathPhase"/>; to be removed in the next version.</summary>
        [Obsolete("use BreathPhase")]
        public float Breath { get { return BreathPhase; } }

        /// <inheritdoc/>
        public override double Age { get { return double.IsNaN(_born) ? double.PositiveInfinity : _now - _born; } }

        /// <summary>The simulated person reacts as set in <see cref="Reactions"/>. False, with a warning, if a sidecar
        /// would not take the name or the data.</summary>
        public override bool Mark(string name, Dictionary<string, object> data)
        {
            Start();
            Dictionary<string, object> plain = MarkerData.Of(name, data);
            if (plain == null) return false;
            RaiseEvent("marker", name, _now, plain);
            foreach (SimulatedReaction one in reactions)
            {
                if (one.Marker != name) continue;
                _person.Startle(one.Valence, one.Arousal, one.Stress);
                _reported.Mark(name, _now, one.Valence, one.Arousal, one.Stress);
            }
            return true;
        }

        /// <inheritdoc/>
        protected override bool SendsAdaptations { get { return true; } }

        /// <summary>Raised as an event of kind adaptation, as a sidecar does; always true.</summary>
        protected override bool SendAdaptation(SentioAdaptation adaptation)
        {
            Start();
            Dictionary<string, object> data = adaptation.Arguments();
            data.Remove("what");
            RaiseEvent("adaptation", adaptation.What, _now, data);
            return true;
        }

        /// <summary>Advances by some seconds and raises what is due; called by <c>Update</c>.</summary>
        public void Advance(float seconds)
        {
            Start();
            _now += seconds;
            _time += seconds;
            Played().At(_time, _wanted);
            if (scenario == SimulatedScenario.Sliders) sliders.Give(_wanted);
            _person.Noise = noise;
            _person.Advance(seconds, _wanted);
            _reading.Sensors.Ideal = realism == SimulatedRealism.Ideal;
            _reading.Sensors.Advance(seconds);
            _faded = state == AffectState.Stale ? Math.Max(_faded - 0.1 * seconds, 0) : 1;
            _frameDue -= seconds;
            _detailDue -= seconds;
            if (_frameDue > 0) return;
            _frameDue = Math.Max(_frameDue + 1 / Math.Max(rateHz, 1f), 0);
            Read();
            Show(_frame);
            _reported.Advance(1 / Math.Max(rateHz, 1f), _now, _frame);
            if (_detailDue > 0) return;
            _detailDue = DetailSeconds;
            ShowDetail(SimulatedDetail.Build(_frame, _reading, _person));
        }

        private void OnEnable() { ChangeLink(LinkState.Live, "simulated person"); }

        private void OnDisable() { ChangeLink(LinkState.Off, "stopped"); }

        private void Update() { Advance(Mathf.Min(Time.unscaledDeltaTime, LongestStep)); }

        private void Start()
        {
            if (_person != null) return;
            _person = new SimulatedPerson(randomSeed);
            _reading.Sensors = new SimulatedSensors(randomSeed);
            _reported = new SimulatedEvents(RaiseEvent);
        }

        private Script Played()
        {
            if (_script != null && _played == scenario) return _script;
            _time = 0;
            _played = scenario;
            switch (scenario)
            {
                case SimulatedScenario.Stress: _script = Script.Stress(); break;
                case SimulatedScenario.Joy: _script = Script.Joy(); break;
                case SimulatedScenario.Boredom: _script = Script.Boredom(); break;
                case SimulatedScenario.Recovery: _script = Script.Recovery(); break;
                default: _script = Script.Rest(); break;
            }
            return _script;
        }

        private void Read()
        {
            sliders.Give(_reading, _faded * (state == AffectState.Warming ? 0.3 : 1));
            bool withEvidence = _now - _evidenceAt >= EvidenceSeconds;
            if (withEvidence) _evidenceAt = _now;
            _reading.Fill(_person, _frame, withEvidence);
            _frame.EvidenceLate = _now - _evidenceAt;
            bool nothing = state == AffectState.NoSubject || state == AffectState.Withdrawn;
            if (nothing) for (int i = 0; i < AffectNames.Count; i++) _frame.Set((AffectEntry)i, float.NaN);
            foreach (AffectEntry entry in unknown) _frame.Set(entry, float.NaN);
            _born = _now;
            string who = Subject.Length > 0 ? Subject : "simulated";
            _frame.Stamp(who, Math.Abs((long)randomSeed), _seq++, _now, nothing ? double.NaN : _now, state);
        }

        private void RaiseEvent(string kind, string name, double time, Dictionary<string, object> data)
        {
            var body = new Dictionary<string, object>
            {
                { "v", Wire.Version }, { "epoch", Math.Abs((long)randomSeed) }, { "id", ++_events }, { "time", time },
                { "kind", kind }, { "name", name }, { "data", data },
            };
            string who = Subject.Length > 0 ? Subject : "simulated";
            Show(new SentioEvent { Subject = who, Kind = kind, Name = name, Time = time, Body = body });
        }
    }
}
