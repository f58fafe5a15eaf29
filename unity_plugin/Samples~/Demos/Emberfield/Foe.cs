using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>One shade: moves towards the lantern as its kind does, until it is shot.</summary>
    public sealed class Foe
    {
        private const float RiseSeconds = 0.6f;
        private const float ChargeRange = 6.5f;
        private const float CircleRange = 6f;
        private const float ShotPause = 2.2f;
        private const float RingPause = 3.4f;
        private const int RingShots = 9;

        /// <summary>Its kind.</summary>
        public readonly FoeKind Kind;

        private readonly Transform _body;
        private readonly float _turn;
        private Vector3 _dash;
        private float _risen, _timer, _spin, _hit;

        /// <summary>A new one at a place; <paramref name="chance"/> 0..1 makes it a little different from the
        /// others.</summary>
        public Foe(FoeKind kind, Transform parent, Vector3 place, float chance)
        {
            Kind = kind;
            Place = place;
            Health = kind.Health;
            _turn = chance < 0.5f ? 1 : -1;
            _timer = 0.5f + chance * (ShotPause - 0.5f);
            _body = Art.Shape(kind.Shape, parent, place, Vector3.one * 0.3f, kind.Paint);
        }

        /// <summary>Position on the ground.</summary>
        public Vector3 Place { get; set; }

        /// <summary>Whether it can hit and be hit: not while it rises from the ground.</summary>
        public bool IsSolid { get { return _risen >= 1; } }

        /// <summary>Hits that it still takes.</summary>
        public float Health { get; private set; }

        /// <summary>Applies one hit; true if it is destroyed.</summary>
        public bool Hit()
        {
            _hit = 1;
            return --Health <= 0;
        }

        /// <summary>Removes it.</summary>
        public void Remove() { Object.Destroy(_body.gameObject); }

        /// <summary>Moves towards <paramref name="hero"/>, <paramref name="pace"/> times as fast as usual.</summary>
        public void Advance(float seconds, Vector3 hero, float pace, Volley shots)
        {
            _risen = Mathf.Min(_risen + seconds / RiseSeconds, 1);
            _hit = Mathf.Max(_hit - 5 * seconds, 0);
            _spin += 90 * seconds;
            Vector3 gap = hero - Place;
            Vector3 towards = new Vector3(gap.x, 0, gap.z).normalized;
            if (IsSolid && Kind.Way == FoeWay.Drift) Place += towards * (Kind.Speed * pace * seconds);
            else if (IsSolid && Kind.Way == FoeWay.Charge) Charge(seconds, towards, gap.magnitude, pace);
            else if (IsSolid && Kind.Way == FoeWay.Circle) Circle(seconds, towards, gap.magnitude, pace, shots);
            else if (IsSolid) Loom(seconds, towards, pace, shots);
            float grown = 1 - Mathf.Pow(1 - _risen, 3);
            _body.localPosition = Place + Vector3.up * Mathf.Lerp(-1.2f, 0.85f, grown);
            _body.localScale = Vector3.one * (2 * Kind.Radius * (0.3f + 0.6f * grown) * (1 + 0.18f * _hit));
            _body.localRotation = Quaternion.Euler(20, _spin, 0);
        }

        private void Charge(float seconds, Vector3 towards, float far, float pace)
        {
            _timer -= seconds;
            if (_dash.sqrMagnitude > 0)
            {
                Place += _dash * seconds;
                if (_timer > 0) return;
                _dash = Vector3.zero;
                _timer = 0.8f;
                return;
            }
            if (far > ChargeRange)
            {
                Place += towards * (1.3f * Kind.Speed * pace * seconds);
                _timer = 0.8f;
            }
            if (_timer > 0) return;
            _dash = towards * (5.2f * Kind.Speed);
            _timer = 0.7f;
        }

        private void Circle(float seconds, Vector3 towards, float far, float pace, Volley shots)
        {
            var around = new Vector3(-towards.z, 0, towards.x) * _turn;
            Vector3 along = around + towards * Mathf.Clamp(0.6f * (far - CircleRange), -1.2f, 1.2f);
            Place += along.normalized * (Kind.Speed * pace * seconds);
            _timer -= seconds * pace;
            if (_timer > 0) return;
            _timer = ShotPause;
            shots.Fire(Place + towards, towards);
        }

        private void Loom(float seconds, Vector3 towards, float pace, Volley shots)
        {
            Place += towards * (Kind.Speed * seconds);
            _timer -= seconds * pace;
            if (_timer > 0) return;
            _timer = RingPause;
            for (int shot = 0; shot < RingShots; shot++)
            {
                float angle = 2 * Mathf.PI * shot / RingShots + _spin * Mathf.PI / 180;
                var way = new Vector3(Mathf.Sin(angle), 0, Mathf.Cos(angle));
                shots.Fire(Place + way * Kind.Radius, way);
            }
        }
    }
}
